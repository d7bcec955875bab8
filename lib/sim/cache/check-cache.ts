// The invariants of files, the page cache and its writes; each one that does not hold is a named finding with its place.
// Source: derived from Linux 2.6.11 mm/filemap.c, lib/radix-tree.c, mm/page-writeback.c, fs/inode.c and what they rely on
import type { Finding } from "../finding";
import { isPage, pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { pageCount, pageIndex, pageMapping, pagePrivate, testPageFlag } from "../page-fields";
import { readPageState } from "../page-state";
import { page as pageStruct } from "../structs";
import { addressSpace, inode, inodeKinds } from "../structs-mm";
import { swapData } from "../swap/structs";
import { RING } from "./block-io";
import { cacheVar, readCache } from "./cache-data";
import { inodeDirty } from "./dirty-inodes";
import { requestQueue } from "./structs";
import { inodeListRule, walkInodes } from "./walk-inodes";
import { type TreePage, treeRules, walkTree } from "./walk-tree";

/** Every rule that `checkCache` can report. `ino` 0 stands for the swap cache. */
const cacheRules = {
  ...treeRules,
  inodeList: inodeListRule,
  /** nrpages is not the number of pages in the tree. */
  nrpages: "nrpages",
  /** A cached page does not know its place, or has no reference. */
  place: "cache-place",
  /** A page is in two trees, or twice in one. */
  twice: "cache-twice",
  /** A page's flag and its mark in the tree differ. */
  mark: "cache-mark",
  nrPagecache: "nr-pagecache",
  nrInodes: "nr-inodes",
  /** A dirty file is not on the list of those to write, or a clean one is. */
  dirtyInode: "dirty-inode",
  /** nr_dirty or nr_writeback. */
  counter: "page-state",
  /** A request of the queue is for a page that is not under writeback. */
  request: "io-request",
} as const;

/** What is wrong now, empty for a sound machine. Never throws, never loops. */
export function checkCache(k: Kernel): Finding[] {
  const findings: Finding[] = [];
  const inodes = walkInodes(k, "inodes", findings);
  const unused = walkInodes(k, "inode_unused", findings);
  const toWrite = new Set([...walkInodes(k, "s_dirty", findings), ...walkInodes(k, "s_io", findings)]);
  expectCount(findings, cacheRules.nrInodes, "nr_inodes", readCache(k, "nr_inodes"), inodes.length);
  expectCount(findings, cacheRules.nrInodes, "nr_unused", readCache(k, "nr_unused"), unused.length);
  const seen = new Map<Addr, number>();
  const swapper = k.data + kernelData.offset.swap + swapData.offset.swapper_space;
  let total = checkMapping(k, swapper, 0, seen, findings);
  let dirty = 0;
  for (const host of inodes) {
    const ino = k.memory.u32[(host + inode.offset.i_ino) >>> 2]!;
    const before = findings.length;
    total += checkMapping(k, host + inode.offset.i_mapping, ino, seen, findings);
    if (k.memory.u32[(host + inode.offset.i_kind) >>> 2] !== inodeKinds.regular || findings.length > before) continue;
    const pages = dirtyPages(k, host);
    dirty += pages;
    if (inodeDirty(k, host) !== toWrite.has(host) || (pages > 0 && !toWrite.has(host)))
      findings.push({ rule: cacheRules.dirtyInode, args: { ino, pages } });
  }
  expectCount(findings, cacheRules.nrPagecache, "nr_pagecache", readCache(k, "nr_pagecache"), total);
  checkCounters(k, dirty, findings);
  checkQueue(k, findings);
  return findings;
}

/** @returns how many pages the tree holds. */
function checkMapping(k: Kernel, mapping: Addr, ino: number, seen: Map<Addr, number>, findings: Finding[]): number {
  const { pages } = walkTree(k, mapping, ino, findings);
  const stored = k.memory.u32[(mapping + addressSpace.offset.nrpages) >>> 2]!;
  if (stored !== pages.length)
    findings.push({ rule: cacheRules.nrpages, args: { ino, stored, counted: pages.length } });
  for (const each of pages) {
    const args = { ino, index: each.index, pfn: pageToPfn(k, each.page) };
    const other = seen.get(each.page);
    if (other !== undefined) findings.push({ rule: cacheRules.twice, args: { ...args, other } });
    seen.set(each.page, ino);
    if (!knowsItsPlace(k, mapping, each, ino === 0 ? "swap" : "file")) findings.push({ rule: cacheRules.place, args });
    if (!marksAgree(k, each, ino === 0 ? "swap" : "file")) findings.push({ rule: cacheRules.mark, args });
  }
  return pages.length;
}

function knowsItsPlace(k: Kernel, mapping: Addr, { page, index }: TreePage, cache: "swap" | "file"): boolean {
  if (pageCount(k, page) < 1 || testPageFlag(k, page, "PG_swapcache") !== (cache === "swap")) return false;
  return cache === "swap"
    ? pagePrivate(k, page) === index
    : pageMapping(k, page) === mapping && pageIndex(k, page) === index;
}

/** Only of files is the dirty mark kept exactly: a page that is given a swap slot is dirty without it. */
function marksAgree(k: Kernel, { page, dirty, writeback }: TreePage, cache: "swap" | "file"): boolean {
  if (writeback !== testPageFlag(k, page, "PG_writeback")) return false;
  return cache === "swap" || dirty === testPageFlag(k, page, "PG_dirty");
}

function dirtyPages(k: Kernel, host: Addr): number {
  return walkTree(k, host + inode.offset.i_mapping, 0, []).pages.filter(({ dirty }) => dirty).length;
}

function checkCounters(k: Kernel, dirty: number, findings: Finding[]): void {
  let writeback = 0;
  for (let page = k.memMap; page < k.memMap + k.pages * pageStruct.size; page += pageStruct.size)
    if (testPageFlag(k, page, "PG_writeback")) writeback++;
  expectCount(findings, cacheRules.counter, "nr_dirty", readPageState(k, "nr_dirty"), dirty);
  expectCount(findings, cacheRules.counter, "nr_writeback", readPageState(k, "nr_writeback"), writeback);
}

function checkQueue(k: Kernel, findings: Finding[]): void {
  const queue = cacheVar(k, "queue");
  const field = (name: keyof typeof requestQueue.offset) => k.memory.u32[(queue + requestQueue.offset[name]) >>> 2]!;
  for (let place = 0; place < Math.min(field("nr"), RING); place++) {
    const page = k.memory.u32[(field("pages") >>> 2) + ((field("first") + place) % RING)] ?? 0;
    if (!isPage(k, page) || !testPageFlag(k, page, "PG_writeback"))
      findings.push({ rule: cacheRules.request, args: { place, address: page } });
  }
}

function expectCount(findings: Finding[], rule: string, field: string, stored: number, counted: number): void {
  if (stored !== counted) findings.push({ rule, args: { field, stored, counted } });
}
