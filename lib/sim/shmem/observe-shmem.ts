// Decodes tmpfs files and System V segments from memory. Bounded, never throws.
// Source: domain 12
import { canHold, pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { VM_ACCOUNT, VM_LOCKED } from "../mm/flags";
import { pageIndex, pageMapping, testPageFlag } from "../page-fields";
import { page as pageStruct } from "../structs";
import { file as fileStruct, inode as inodeStruct } from "../structs-mm";
import { swpOffset, swpType } from "../swap/entry";
import { infoAt, inoOf, mappingOf, sizeOfInode } from "./info";
import type { SegmentState, ShmemState, TmpfsFileState } from "./observe";
import { shmemData, shmemSbInfo, shmidKernel } from "./structs";
import { SHM_DEST, SHM_LOCKED, segments } from "./sysv";
import { readTable, type TmpfsFile, tmpfsFiles } from "./walk-files";

export function observeShmem(k: Kernel): ShmemState {
  const files = tmpfsFiles(k);
  const cached = cachedByMapping(k, new Set(files.map(({ inode }) => mappingOf(inode))));
  return {
    kind: "shmem",
    files: files.map((file) => observeFile(k, file, cached.get(mappingOf(file.inode)) ?? [])),
    segments: segments(k).map((shp) => observeSegment(k, shp)),
    shmTot: k.memory.u32[(k.data + kernelData.offset.shmem + shmemData.offset.shm_tot) >>> 2]!,
  };
}

/** Pages that say they belong to one of these files: found by a walk over the frames, so no tree can mislead it. */
function cachedByMapping(k: Kernel, mappings: ReadonlySet<Addr>): Map<Addr, Addr[]> {
  const found = new Map<Addr, Addr[]>();
  for (let pfn = 0; pfn < k.pages; pfn++) {
    const page = k.memMap + pfn * pageStruct.size;
    const mapping = pageMapping(k, page);
    if (mapping === 0 || !mappings.has(mapping)) continue;
    const known = found.get(mapping);
    if (known) known.push(page);
    else found.set(mapping, [page]);
  }
  return found;
}

function observeFile(k: Kernel, { inode, info }: TmpfsFile, pages: readonly Addr[]): TmpfsFileState {
  const field = (name: Parameters<typeof infoAt>[1]) => k.memory.u32[infoAt(info, name)]!;
  const table = readTable(k, info);
  const sbinfo = field("sbinfo");
  const mount = (name: keyof typeof shmemSbInfo.fields) => k.memory.u32[(sbinfo + shmemSbInfo.offset[name]) >>> 2]!;
  const shp = field("shm");
  return {
    ino: inoOf(k, inode),
    size: sizeOfInode(k, inode),
    accounted: (field("flags") & VM_ACCOUNT) !== 0,
    locked: (field("flags") & VM_LOCKED) !== 0,
    alloced: field("alloced"),
    swapped: field("swapped"),
    nextIndex: field("next_index"),
    cached: pages
      .map((page) => ({
        index: pageIndex(k, page),
        pfn: pageToPfn(k, page),
        dirty: testPageFlag(k, page, "PG_dirty"),
      }))
      .sort((a, b) => a.index - b.index),
    entries: table.entries.map(({ index, entry }) => ({ index, type: swpType(entry), slot: swpOffset(entry) })),
    indexPages: table.indexPages,
    mount: canHold(k, sbinfo, shmemSbInfo.size) ? { max: mount("max_blocks"), free: mount("free_blocks") } : null,
    segment: canHold(k, shp, shmidKernel.size) ? k.memory.u32[(shp + shmidKernel.offset.id) >>> 2]! : null,
  };
}

function observeSegment(k: Kernel, shp: Addr): SegmentState {
  const w = k.memory.u32;
  const field = (name: keyof typeof shmidKernel.fields) => w[(shp + shmidKernel.offset[name]) >>> 2]!;
  const file = field("shm_file");
  const inode = canHold(k, file, fileStruct.size) ? w[(file + fileStruct.offset.f_inode) >>> 2]! : 0;
  return {
    id: field("id"),
    key: field("key"),
    size: field("shm_segsz"),
    attached: field("shm_nattch") | 0,
    removed: (field("shm_flags") & SHM_DEST) !== 0,
    locked: (field("shm_flags") & SHM_LOCKED) !== 0,
    ino: canHold(k, inode, inodeStruct.size) ? inoOf(k, inode) : 0,
  };
}
