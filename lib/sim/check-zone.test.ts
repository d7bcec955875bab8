import { describe, expect, it } from "vitest";
import { bootBuddyMachine } from "./buddy-machine";
import { checkZone, zoneRules } from "./check-zone";
import { HOT, PG_private, PG_reserved } from "./constants";
import { listAdd, listDel } from "./list";
import { type BuddyMachine, pfnToPage } from "./machine";
import type { Block } from "./observe";
import { freeListOf } from "./observe-buddy";
import { allocPages, freePages } from "./page-alloc";
import { pcpOf } from "./pcp";
import { freeArea, page as pageStruct, perCpuPages, zone as zoneStruct } from "./structs";

/** 64 pages from pfn 1024; 1024..1026 in use, page 1027 free, 1028 parked on the hot list. */
function boot(): { m: BuddyMachine; allocated: Block[] } {
  const marks = { low: 0, high: 4, batch: 1 };
  const m = bootBuddyMachine({ pages: 64, startPfn: 1024, init: "one-block", pcp: { hot: marks, cold: marks } });
  const pages = Array.from({ length: 5 }, () => allocPages(m, HOT, 0));
  freePages(m, pages[4]!, 0);
  set(m, 1027, "count", 0);
  m.ops.freePagesBulk(m, m.zone, pages[3]!, 0);
  return { m, allocated: [1024, 1025, 1026].map((pfn) => ({ pfn, order: 0 })) };
}

const at = (m: BuddyMachine, pfn: number, field: keyof typeof pageStruct.offset) =>
  (pfnToPage(m, pfn) + pageStruct.offset[field]) >>> 2;
const lru = (m: BuddyMachine, pfn: number) => pfnToPage(m, pfn) + pageStruct.offset.lru;
const move = (m: BuddyMachine, pfn: number, head: number) => {
  listDel(m.memory.u32, lru(m, pfn));
  listAdd(m.memory.u32, lru(m, pfn), head);
};
const addTo = (m: BuddyMachine, address: number, value: number) => {
  m.memory.u32[address >>> 2]! += value;
};
const set = (m: BuddyMachine, pfn: number, field: keyof typeof pageStruct.offset, value: number) => {
  m.memory.u32[at(m, pfn, field)] = value;
};
const nrFreeOf = (m: BuddyMachine, order: number) => freeListOf(m.zone, order) + freeArea.offset.nr_free;

type Damage = (m: BuddyMachine) => void;
const damages: readonly (readonly [rule: string, place: object, damage: Damage])[] = [
  [
    zoneRules.zoneFields,
    { field: "spanned_pages", stored: 65 },
    (m) => addTo(m, m.zone + zoneStruct.offset.spanned_pages, 1),
  ],
  [zoneRules.wildLink, { order: 4, pfn: 1040 }, (m) => set(m, 1040, "lru", 0x7777_7777)],
  [zoneRules.wildLink, { order: 0, pfn: -1 }, (m) => (m.memory.u32[freeListOf(m.zone, 0) >>> 2] = 4)],
  [zoneRules.listCycle, { order: 4, pfn: 1040 }, (m) => set(m, 1040, "lru", lru(m, 1040))],
  [zoneRules.twoLists, { order: 5, pfn: 1040 }, (m) => set(m, 1056, "lru", lru(m, 1040))],
  [zoneRules.linkMismatch, { order: 5, pfn: 1056 }, (m) => (m.memory.u32[at(m, 1056, "lru") + 1] = lru(m, 1040))],
  [zoneRules.nrFree, { order: 3, counted: 1, stored: 2 }, (m) => addTo(m, nrFreeOf(m, 3), 1)],
  [zoneRules.misaligned, { pfn: 1027, order: 1 }, (m) => move(m, 1027, freeListOf(m.zone, 1))],
  [zoneRules.outsideZone, { pfn: 1056, order: 6 }, (m) => move(m, 1056, freeListOf(m.zone, 6))],
  [zoneRules.unmarked, { pfn: 1032, order: 3 }, (m) => set(m, 1032, "flags", 0)],
  [zoneRules.wrongOrder, { pfn: 1032, order: 3, stored: 2 }, (m) => set(m, 1032, "private", 2)],
  [zoneRules.counted, { pfn: 1032, order: 3, count: 1 }, (m) => set(m, 1032, "count", 1)],
  [zoneRules.counted, { pfn: 1028, list: "hot", count: 1 }, (m) => set(m, 1028, "count", 1)],
  [zoneRules.reserved, { pfn: 1033, order: 3 }, (m) => set(m, 1033, "flags", 1 << PG_reserved)],
  [zoneRules.overlap, { pfn: 1032, order: 3 }, (m) => listAdd(m.memory.u32, lru(m, 1036), freeListOf(m.zone, 2))],
  [zoneRules.unmerged, { pfn: 1024, order: 0, buddy: 1025 }, unmerged],
  [zoneRules.staleMark, { pfn: 1025, order: 7 }, staleMark],
  [zoneRules.freePages, { counted: 60, stored: 59 }, (m) => addTo(m, m.zone + zoneStruct.offset.free_pages, -1)],
  [
    zoneRules.pcpCount,
    { list: "hot", counted: 1, stored: 2 },
    (m) => addTo(m, pcpOf(m.zone, HOT) + perCpuPages.offset.count, 1),
  ],
  [zoneRules.pcpHigh, { list: "hot", counted: 1, most: 0 }, noRoom],
  [zoneRules.inUse, { pfn: 1026, order: 0, block: 1026 }, (m) => m.ops.freePagesBulk(m, m.zone, pfnToPage(m, 1026), 0)],
  [zoneRules.lost, { pfn: 1027 }, (m) => listDel(m.memory.u32, lru(m, 1027))],
  [zoneRules.tainted, { times: 1 }, (m) => (m.tainted = 1)],
];

function unmerged(m: BuddyMachine): void {
  for (const pfn of [1024, 1025]) {
    listAdd(m.memory.u32, lru(m, pfn), freeListOf(m.zone, 0));
    set(m, pfn, "count", 0);
    set(m, pfn, "flags", 1 << PG_private);
  }
}
function staleMark(m: BuddyMachine): void {
  set(m, 1025, "flags", 1 << PG_private);
  set(m, 1025, "private", 7);
}
function noRoom(m: BuddyMachine): void {
  for (const field of ["high", "batch"] as const)
    m.memory.u32[(pcpOf(m.zone, HOT) + perCpuPages.offset[field]) >>> 2] = 0;
}

describe("checkZone", () => {
  it("finds nothing in a sound zone", () => {
    const { m, allocated } = boot();
    expect(checkZone(m)).toEqual([]);
    expect(checkZone(m, allocated)).toEqual([]);
  });

  it.each(damages)("reports %s at %o", (rule, place, damage) => {
    const { m, allocated } = boot();
    damage(m);
    const found = checkZone(m, allocated).filter((finding) => finding.rule === rule);
    expect(found).toContainEqual({ rule, args: expect.objectContaining(place) });
    for (const { args } of found) expect([typeof args.pfn, typeof args.order]).toEqual(["number", "number"]);
  });

  it("has an example above for every rule it can report", () => {
    expect(new Set(damages.map(([rule]) => rule))).toEqual(new Set(Object.values(zoneRules)));
  });

  it("accounts for pages only when it is told which blocks are in use", () => {
    const { m } = boot();
    expect(checkZone(m, []).map(({ rule, args }) => [rule, args.pfn])).toEqual([
      ["lost-page", 1024],
      ["lost-page", 1025],
      ["lost-page", 1026],
    ]);
  });
});
