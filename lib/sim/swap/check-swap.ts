// What must hold between slots, page tables, tmpfs tables and the swap cache after every operation.
// Theory:     the counter of a slot says how many entries name it, plus one while the cache holds a page for it. So all entries are
//             counted again.
// Source:     domain 10.9; Linux 2.6.11 mm/swapfile.c, mm/swap_state.c
import { radixTreeLookup } from "../cache/radix-tree";
import { RADIX_TREE_MAX_PATH } from "../cache/structs";
import type { Finding } from "../finding";
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { pagePrivate } from "../page-fields";
import { addressSpace } from "../structs-mm";
import { swpEntry, swpOffset, swpType } from "./entry";
import { type CachedPages, cachedPages, type References, slotReferences } from "./references";
import { SWAP_MAP_BAD, SWAP_MAP_MAX, SWP_WRITEOK, swapInfo } from "./structs";
import { swapInfoAt, swapperSpace, swapVar } from "./swap-data";
import { type AreaView, areaList, isUsed, usedAreas } from "./walk-areas";

/** More of one kind says nothing new. */
const MOST = 20;

/** Every rule that is broken; empty when all is well. Linear in slots, pages and page tables; never throws. */
export function checkSwap(k: Kernel): Finding[] {
  const findings: Finding[] = [];
  const areas = usedAreas(k);
  const references = slotReferences(k);
  const cached = cachedPages(k);
  for (const area of areas) checkArea(k, area, references, cached, findings);
  checkTotals(k, areas, findings);
  checkList(k, areas, findings);
  checkDangling(areas, references, findings);
  checkCache(k, areas, cached, findings);
  for (const mm of references.unlisted) findings.push({ rule: "swap-mm-unlisted", args: { mm } });
  return findings;
}

function checkArea(k: Kernel, area: AreaView, references: References, cached: CachedPages, findings: Finding[]): void {
  const { type, si, map } = area;
  if (map === null) {
    findings.push({ rule: "swap-map-lost", args: { type } });
    return;
  }
  const w = k.memory.u32;
  const field = (name: keyof typeof swapInfo.fields) => w[(si + swapInfo.offset[name]) >>> 2]!;
  let used = 0;
  let told = 0;
  const tell = (rule: string, args: Finding["args"]) => {
    if (told++ < MOST) findings.push({ rule, args: { type, ...args } });
  };
  for (const [slot, count] of map.entries()) {
    if (count === 0) {
      const [lowest, highest] = [field("lowest_bit"), field("highest_bit")];
      if (slot < lowest || slot > highest) tell("swap-free-outside", { slot, lowest, highest });
    } else if (isUsed(count)) {
      used++;
      const entry = swpEntry(type, slot);
      const counted = (references.entries.get(entry) ?? 0) + (cached.byEntry.has(entry) ? 1 : 0);
      if (count !== SWAP_MAP_MAX && count !== counted) tell("swap-count", { slot, stored: count, counted });
    }
  }
  if (used !== field("inuse_pages"))
    findings.push({ rule: "swap-inuse", args: { type, stored: field("inuse_pages"), counted: used } });
}

function checkTotals(k: Kernel, areas: readonly AreaView[], findings: Finding[]): void {
  const w = k.memory.u32;
  const active = areas.filter(({ flags }) => (flags & SWP_WRITEOK) !== 0);
  const sum = (name: "pages" | "inuse_pages") =>
    active.reduce((total, { si }) => total + w[(si + swapInfo.offset[name]) >>> 2]!, 0);
  const total = k.memory.i32[swapVar(k, "total_swap_pages") >>> 2]!;
  const free = k.memory.i32[swapVar(k, "nr_swap_pages") >>> 2]!;
  if (total !== sum("pages")) findings.push({ rule: "swap-total", args: { stored: total, counted: sum("pages") } });
  if (free !== sum("pages") - sum("inuse_pages"))
    findings.push({ rule: "swap-nr-free", args: { stored: free, counted: sum("pages") - sum("inuse_pages") } });
}

function checkList(k: Kernel, areas: readonly AreaView[], findings: Finding[]): void {
  const { types, sound } = areaList(k);
  if (!sound) findings.push({ rule: "swap-list-broken", args: { steps: types.length } });
  const active = areas.filter(({ flags }) => (flags & SWP_WRITEOK) !== 0).map(({ type }) => type);
  for (const type of active) if (!types.includes(type)) findings.push({ rule: "swap-list-missing", args: { type } });
  for (const type of types) if (!active.includes(type)) findings.push({ rule: "swap-list-stranger", args: { type } });
  const prio = (type: number) => k.memory.i32[(swapInfoAt(k, type) + swapInfo.offset.prio) >>> 2]!;
  for (let index = 1; index < types.length; index++) {
    const [before, type] = [types[index - 1]!, types[index]!];
    if (prio(before) < prio(type)) findings.push({ rule: "swap-list-order", args: { type, before } });
  }
}

/** Entries that name no slot in use. */
function checkDangling(areas: readonly AreaView[], references: References, findings: Finding[]): void {
  let told = 0;
  for (const entry of references.entries.keys()) {
    const map = areas.find(({ type }) => type === swpType(entry))?.map;
    if (isUsed(map?.[swpOffset(entry)] ?? 0) || told++ >= MOST) continue;
    findings.push({ rule: "swap-entry-dangling", args: { type: swpType(entry), slot: swpOffset(entry) } });
  }
}

function checkCache(k: Kernel, areas: readonly AreaView[], cached: CachedPages, findings: Finding[]): void {
  const w = k.memory.u32;
  const space = swapperSpace(k);
  const walkable = w[(space + addressSpace.offset.height) >>> 2]! <= RADIX_TREE_MAX_PATH;
  if (!walkable) findings.push({ rule: "swap-cache-tree", args: {} });
  let told = 0;
  const tell = (rule: string, page: Addr) => {
    const entry = pagePrivate(k, page);
    if (told++ < MOST)
      findings.push({ rule, args: { pfn: pageToPfn(k, page), type: swpType(entry), slot: swpOffset(entry) } });
  };
  for (const page of cached.pages) {
    const entry = pagePrivate(k, page);
    const count = areas.find(({ type }) => type === swpType(entry))?.map?.[swpOffset(entry)] ?? 0;
    if (count === 0 || count === SWAP_MAP_BAD) tell("swap-cached-free", page);
    if (walkable && radixTreeLookup(k, space, entry) !== page) tell("swap-cache-lost", page);
  }
  const stored = w[swapVar(k, "total_swapcache_pages") >>> 2]!;
  const nrpages = w[(space + addressSpace.offset.nrpages) >>> 2]!;
  if (stored !== cached.pages.length || nrpages !== stored)
    findings.push({ rule: "swap-cache-pages", args: { stored, nrpages, counted: cached.pages.length } });
}
