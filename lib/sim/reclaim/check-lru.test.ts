import fc from "fast-check";
import { expect, it, test } from "vitest";
import { checkCache } from "../cache/check-cache";
import { createFile, openFile } from "../cache/file";
import { fileWrite } from "../cache/file-write";
import { observeCache } from "../cache/observe-cache";
import { createKernel } from "../create-kernel";
import type { Kernel } from "../kernel";
import { listDel } from "../list";
import type { Addr } from "../machine";
import { clearPageFlag, setPageFlag } from "../page-fields";
import { page as pageStruct, zone as zoneStruct } from "../structs";
import { addressSpace, file as fileStruct, inode } from "../structs-mm";
import { allocPages } from "../zones/alloc-pages";
import { GFP_HIGHUSER } from "../zones/gfp";
import { checkLru, lruRules } from "./check-lru";
import { isolate } from "./isolate";
import { lruCacheAdd, lruCacheAddActive } from "./lru";
import { observeLru } from "./observe-lru";
import { reclaimVar } from "./reclaim-data";

function boot(): { k: Kernel; pages: Addr[]; host: Addr } {
  const k = createKernel({ boot: { kind: "zones", pages: [0, 256, 0] }, io: "async", pagevec: true });
  const file = openFile(k, createFile(k, { pages: 4 }));
  fileWrite(k, file, 0, new Uint8Array(6 * 4096));
  const pages = Array.from({ length: 20 }, () => allocPages(k, GFP_HIGHUSER, 0));
  for (const page of pages.slice(0, 16)) lruCacheAdd(k, page);
  for (const page of pages.slice(16)) lruCacheAddActive(k, page);
  return { k, pages, host: k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]! };
}

test("a sound machine has no findings", () => {
  const { k } = boot();
  expect([...checkLru(k), ...checkCache(k)]).toEqual([]);
});

it.each<[rule: string, damage: (k: Kernel, pages: Addr[]) => void]>([
  [lruRules.count, (k) => k.memory.u32[(k.zones[1].zone + zoneStruct.offset.nr_inactive) >>> 2]!++],
  [lruRules.flag, (k, pages) => setPageFlag(k, pages[0]!, "PG_active")],
  [lruRules.stray, (k, pages) => setPageFlag(k, pages[18]!, "PG_active")],
  [lruRules.kernelPage, (k, pages) => setPageFlag(k, pages[0]!, "PG_slab")],
  [lruRules.batch, (k) => (k.memory.u32[reclaimVar(k, "lru_add_pvecs") >>> 2] = 15)],
  [lruRules.held, (k) => isolate(k, k.zones[1], "inactive", 2)],
  [lruRules.batch, (k) => (k.memory.u32[(reclaimVar(k, "lru_add_pvecs") >>> 2) + 1] = 3)],
  [
    "two-lists",
    (k, pages) => {
      const list = (k.zones[1].zone + zoneStruct.offset.active_list) >>> 2;
      k.memory.u32[list] = pages[0]! + pageStruct.offset.lru;
    },
  ],
  ["wild-link", (k, pages) => (k.memory.u32[(pages[1]! + pageStruct.offset.lru) >>> 2] = 12345)],
])("finds %s", (rule, damage) => {
  const { k, pages } = boot();
  damage(k, pages);
  expect(checkLru(k).map((finding) => finding.rule)).toContain(rule);
});

it("finds a free page that still belongs to somebody", () => {
  const { k } = boot();
  const free = k.memMap + 255 * pageStruct.size;
  setPageFlag(k, free, "PG_dirty");
  expect(checkLru(k)).toContainEqual({ rule: lruRules.freed, args: { pfn: 255, mapping: 0, mapcount: 0 } });
});

it.each<[rule: string, damage: (k: Kernel, host: Addr, page: Addr) => void]>([
  ["nrpages", (k, host) => k.memory.u32[(host + inode.offset.i_mapping + addressSpace.offset.nrpages) >>> 2]!++],
  ["tree-link", (k, host) => (k.memory.u32[(host + inode.offset.i_mapping + addressSpace.offset.rnode) >>> 2] = 99)],
  ["tree-link", (k, host) => (k.memory.u32[(host + inode.offset.i_mapping + addressSpace.offset.height) >>> 2] = 7)],
  ["cache-place", (k, _host, page) => k.memory.u32[(page + pageStruct.offset.index) >>> 2]!++],
  ["cache-mark", (k, _host, page) => clearPageFlag(k, page, "PG_dirty")],
  ["page-state", (k, _host, page) => setPageFlag(k, page, "PG_writeback")],
  ["dirty-inode", (k, host) => listDel(k.memory.u32, host + inode.offset.i_dirty)],
  ["inode-list", (k, host) => (k.memory.u32[(host + inode.offset.i_list) >>> 2] = 8)],
])("finds %s", (rule, damage) => {
  const { k, host } = boot();
  const root = k.memory.u32[(host + inode.offset.i_mapping + addressSpace.offset.rnode) >>> 2]!;
  damage(k, host, k.memory.u32[(root >>> 2) + 5]!);
  expect(checkCache(k).map((finding) => finding.rule)).toContain(rule);
});

it("looks at any bytes whatever without throwing, and ends", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(0xffffffff)), { maxLength: 60 }), fc.nat(), (writes, seed) => {
      const { k } = boot();
      const spots = [k.data, k.zones[1].zone, k.memMap, k.contents];
      for (const [where, value] of writes) {
        const start = spots[(where + seed) % spots.length]!;
        k.memory.u32[(start >>> 2) + (where % 4096)] = value % 3 === 0 ? value % k.memory.byteLength : value;
      }
      expect(Array.isArray([...checkLru(k), ...checkCache(k)])).toBe(true);
      expect([observeLru(k).kind, observeCache(k).kind]).toEqual(["lru", "cache"]);
    }),
    { numRuns: 150 },
  );
});
