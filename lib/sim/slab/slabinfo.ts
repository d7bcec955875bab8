// /proc/slabinfo, version 2.1.
// Source:     Linux 2.6.11 mm/slab.c (s_start, s_show)
// Simplified: bounded lists, so a corrupt one ends the count instead of hanging the reader. No statistics columns.
import type { Finding } from "../finding";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { caches } from "./chain";
import {
  AC_LIMIT,
  AVAIL,
  CACHE_BATCHCOUNT,
  CACHE_LIMIT,
  cacheName,
  FREE_OBJECTS,
  GFPORDER,
  INUSE,
  NUM,
  OBJSIZE,
  SHARED,
} from "./fields";
import { walkSlabs } from "./walk-slab";

export interface SlabinfoRow {
  readonly name: string;
  /** Objects not in slabs: with users or in arrays. */
  readonly activeObjs: number;
  readonly numObjs: number;
  readonly objsize: number;
  readonly objperslab: number;
  readonly pagesperslab: number;
  readonly limit: number;
  readonly batchcount: number;
  readonly sharedfactor: number;
  readonly activeSlabs: number;
  readonly numSlabs: number;
  readonly sharedavail: number;
  /** What the kernel would print as an accounting error. */
  readonly error: "slabs_full" | "slabs_partial" | "slabs_free" | "free_objects" | null;
}

/** One row a cache, newest cache first. */
export function slabinfoRows(k: Kernel): SlabinfoRow[] {
  return caches(k).map((cache) => rowOf(k, cache));
}

function rowOf(k: Kernel, cache: Addr): SlabinfoRow {
  const w = k.memory.u32;
  const c = cache >>> 2;
  const num = w[c + NUM]!;
  const visited = new Set<Addr>();
  const ignored: Finding[] = [];
  const inuse = (list: "full" | "partial" | "free") =>
    walkSlabs(k, cache, list, visited, ignored).map((slab) => w[(slab >>> 2) + INUSE]!);
  const full = inuse("full");
  const partial = inuse("partial");
  const free = inuse("free");
  const activeObjs = full.length * num + partial.reduce((sum, each) => sum + each, 0);
  const activeSlabs = full.length + partial.length;
  const numObjs = (activeSlabs + free.length) * num;
  const shared = w[c + SHARED]! >>> 2;
  const error = full.some((each) => each !== num)
    ? "slabs_full"
    : partial.some((each) => each === num || each === 0)
      ? "slabs_partial"
      : free.some((each) => each !== 0)
        ? "slabs_free"
        : numObjs - activeObjs !== w[c + FREE_OBJECTS]
          ? "free_objects"
          : null;
  return {
    name: cacheName(k, cache),
    activeObjs,
    numObjs,
    objsize: w[c + OBJSIZE]!,
    objperslab: num,
    pagesperslab: 1 << w[c + GFPORDER]!,
    limit: w[c + CACHE_LIMIT]!,
    batchcount: w[c + CACHE_BATCHCOUNT]!,
    sharedfactor: shared === 0 ? 0 : Math.floor(w[shared + AC_LIMIT]! / w[c + CACHE_BATCHCOUNT]!),
    activeSlabs,
    numSlabs: activeSlabs + free.length,
    sharedavail: shared === 0 ? 0 : w[shared + AVAIL]!,
    error,
  };
}

/** The whole file. */
export function slabinfo(k: Kernel): string {
  const head = [
    "slabinfo - version: 2.1",
    "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>" +
      " : tunables <limit> <batchcount> <sharedfactor>" +
      " : slabdata <active_slabs> <num_slabs> <sharedavail>",
  ];
  return `${[...head, ...slabinfoRows(k).map(line)].join("\n")}\n`;
}

function line(row: SlabinfoRow): string {
  const pad = (value: number, width: number) => String(value).padStart(width);
  const objects = [
    row.name.padEnd(17),
    pad(row.activeObjs, 6),
    pad(row.numObjs, 6),
    pad(row.objsize, 6),
    pad(row.objperslab, 4),
    pad(row.pagesperslab, 4),
  ];
  const tunables = [pad(row.limit, 4), pad(row.batchcount, 4), pad(row.sharedfactor, 4)];
  const slabdata = [pad(row.activeSlabs, 6), pad(row.numSlabs, 6), pad(row.sharedavail, 6)];
  return `${objects.join(" ")} : tunables ${tunables.join(" ")} : slabdata ${slabdata.join(" ")}`;
}
