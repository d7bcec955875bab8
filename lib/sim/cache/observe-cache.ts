// Decodes files and the page cache into their observable state.
import type { Finding } from "../finding";
import { isPage, pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { pageMapcount, testPageFlag } from "../page-fields";
import { readPageState } from "../page-state";
import { addressSpace, inode } from "../structs-mm";
import { RING } from "./block-io";
import { cacheVar, readCache } from "./cache-data";
import type { CacheState, FileState } from "./observe";
import { getDirtyLimits } from "./page-writeback";
import { requestQueue } from "./structs";
import { walkInodes } from "./walk-inodes";
import { walkTree } from "./walk-tree";

/** Never throws and always ends, whatever the bytes are; what was wrong stands in `findings`. */
export function observeCache(k: Kernel): CacheState {
  const findings: Finding[] = [];
  const w = k.memory.u32;
  const files = walkInodes(k, "inodes", findings).map((host) => observeFile(k, host, findings));
  const dirty = [...walkInodes(k, "s_dirty", findings), ...walkInodes(k, "s_io", findings)];
  return {
    kind: "cache",
    files,
    dirtyFiles: dirty.map((host) => w[(host + inode.offset.i_ino) >>> 2]!),
    nrPagecache: readCache(k, "nr_pagecache"),
    nrDirty: readPageState(k, "nr_dirty"),
    nrWriteback: readPageState(k, "nr_writeback"),
    limits: readCache(k, "total_pages") > 0 ? getDirtyLimits(k) : { background: 0, dirty: 0 },
    writes: writes(k),
    pdflushWanted: readCache(k, "pdflush_wanted") === 1,
    findings,
  };
}

function observeFile(k: Kernel, host: Addr, findings: Finding[]): FileState {
  const w = k.memory.u32;
  const ino = w[(host + inode.offset.i_ino) >>> 2]!;
  const mapping = host + inode.offset.i_mapping;
  const { pages, nodes } = walkTree(k, mapping, ino, findings);
  return {
    ino,
    size: w[(host + inode.offset.i_size) >>> 2]!,
    count: k.memory.i32[(host + inode.offset.i_count) >>> 2]!,
    nrpages: w[(mapping + addressSpace.offset.nrpages) >>> 2]!,
    height: w[(mapping + addressSpace.offset.height) >>> 2]!,
    nodes,
    pages: pages.map(({ index, page }) => ({
      index,
      pfn: pageToPfn(k, page),
      uptodate: testPageFlag(k, page, "PG_uptodate"),
      dirty: testPageFlag(k, page, "PG_dirty"),
      writeback: testPageFlag(k, page, "PG_writeback"),
      referenced: testPageFlag(k, page, "PG_referenced"),
      active: testPageFlag(k, page, "PG_active"),
      mapcount: pageMapcount(k, page),
    })),
  };
}

function writes(k: Kernel): number[] {
  const queue = cacheVar(k, "queue");
  const field = (name: keyof typeof requestQueue.offset) => k.memory.u32[(queue + requestQueue.offset[name]) >>> 2]!;
  const found: number[] = [];
  for (let place = 0; place < Math.min(field("nr"), RING); place++) {
    const page = k.memory.u32[(field("pages") >>> 2) + ((field("first") + place) % RING)] ?? 0;
    if (isPage(k, page)) found.push(pageToPfn(k, page));
  }
  return found;
}
