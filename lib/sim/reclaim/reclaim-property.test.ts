import fc from "fast-check";
import { expect, it } from "vitest";
import { createFile, openFile } from "../cache/file";
import {
  addToPageCache,
  addToPageCacheLru,
  endPageWriteback,
  setPageDirty,
  setPageWriteback,
  unlockPage,
} from "../cache/page-cache";
import { radixTreeDelete, radixTreeInsert } from "../cache/radix-tree";
import { PAGE_MAPPING_ANON } from "../constants";
import { createKernel, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { aOpsIndex, type Kernel, SWAP_SUCCESS } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import {
  clearPageFlag,
  getPage,
  pageMapcount,
  pagePrivate,
  setPageFlag,
  testClearPageFlag,
  testPageFlag,
} from "../page-fields";
import { page as pageStruct, zone as zoneStruct } from "../structs";
import { addressSpace, file as fileStruct, inode } from "../structs-mm";
import { swapData } from "../swap/structs";
import { allocPages } from "../zones/alloc-pages";
import { GFP_HIGHUSER, GFP_KERNEL } from "../zones/gfp";
import {
  type ModelEnv,
  type ModelLists,
  type ModelPage,
  markAccessed,
  refillInactive,
  shrinkOnce,
} from "./array-model";
import { checkLru } from "./check-lru";
import { lruCacheAddActive, markPageAccessed, putPage } from "./lru";
import { observeLru } from "./observe-lru";
import { reclaimVar } from "./reclaim-data";
import { refillInactiveZone } from "./refill-inactive";
import { scanControl } from "./scan-control";
import { shrinkCache } from "./shrink-cache";

const MAPCOUNT = pageStruct.offset.mapcount >>> 2;
const COUNT = pageStruct.offset.count >>> 2;

interface Both {
  readonly k: Kernel;
  readonly mapping: Addr;
  readonly env: ModelEnv;
  readonly lists: ModelLists;
  /** Pages in memory: the machine's and the model's. */
  readonly pages: Map<number, { page: Addr; model: ModelPage }>;
  readonly young: Set<Addr>;
  next: number;
}

/** A machine whose page tables and swap slots are noted only, as the model's are. */
function boot(env: ModelEnv): Both {
  const k = createKernel({
    boot: { kind: "zones", pages: [0, 1024, 0] },
    swappiness: env.swappiness,
    io: "async",
  });
  const file = openFile(k, createFile(k, { pages: 1000, sparse: true }));
  const mapping = k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]! + inode.offset.i_mapping;
  const swap = k.data + kernelData.offset.swap;
  const swapper = swap + swapData.offset.swapper_space;
  const young = new Set<Addr>();
  k.memory.i32[(swap + swapData.offset.total_swap_pages) >>> 2] = env.totalSwapPages;
  k.memory.u32[(swapper + addressSpace.offset.a_ops) >>> 2] = aOpsIndex.swap;
  k.memory.u32[reclaimVar(k, "total_memory") >>> 2] = env.totalMemory;
  k.memory.u32[(k.zones[1].zone + zoneStruct.offset.prev_priority) >>> 2] = env.prevPriority;
  const writepage = (_k: Kernel, page: Addr) => {
    setPageWriteback(k, page);
    unlockPage(k, page);
    return 0;
  };
  for (const index of [aOpsIndex.file, aOpsIndex.swap])
    k.aOps[index] = { name: "test", readpage: null, writepage, setPageDirty: null };
  const both: Both = { k, mapping, env, lists: { active: [], inactive: [] }, pages: new Map(), young, next: 0 };
  let slots = env.freeSlots;
  k.ops.pageReferenced = (_k, page) => Number(testClearPageFlag(k, page, "PG_referenced")) + Number(young.delete(page));
  k.ops.tryToUnmap = (_k, page) => {
    k.memory.i32[(page >>> 2) + COUNT]! -= pageMapcount(k, page);
    k.memory.i32[(page >>> 2) + MAPCOUNT] = 0;
    return SWAP_SUCCESS;
  };
  k.ops.addToSwap = (_k, page) => {
    if (slots-- <= 0) return 0;
    const entry = (page - k.memMap) / pageStruct.size;
    radixTreeInsert(k, swapper, entry, page);
    getPage(k, page);
    setPageFlag(k, page, "PG_swapcache");
    k.memory.u32[(page + pageStruct.offset.private) >>> 2] = entry;
    setPageDirty(k, page);
    return 1;
  };
  k.ops.deleteFromSwapCache = (_k, page) => {
    radixTreeDelete(k, swapper, pagePrivate(k, page));
    clearPageFlag(k, page, "PG_swapcache");
    putPage(k, page);
  };
  return both;
}

function add(both: Both, anon: boolean, mapped: number, dirty: boolean): void {
  const { k, lists } = both;
  const id = both.next++;
  const page = allocPages(k, GFP_HIGHUSER, 0);
  const maps = anon ? Math.max(mapped, 1) : mapped;
  if (anon) {
    k.memory.u32[(page + pageStruct.offset.mapping) >>> 2] = PAGE_MAPPING_ANON;
    lruCacheAddActive(k, page);
    setPageFlag(k, page, "PG_referenced");
    k.memory.i32[(page >>> 2) + COUNT] = maps;
  } else {
    addToPageCacheLru(k, page, both.mapping, id);
    unlockPage(k, page);
    k.memory.i32[(page >>> 2) + COUNT] = 1 + maps;
    if (dirty) setPageDirty(k, page);
  }
  k.memory.i32[(page >>> 2) + MAPCOUNT] = maps;
  const model: ModelPage = {
    id,
    anon,
    mapped: maps,
    active: anon,
    referenced: anon,
    young: false,
    dirty: dirty && !anon,
    writeback: false,
    swapcache: false,
  };
  lists[anon ? "active" : "inactive"].unshift(model);
  both.pages.set(id, { page, model });
}

function same({ k, lists, pages, young }: Both): void {
  const [zone] = observeLru(k).zones;
  const ids = new Map([...pages].map(([id, { page }]) => [(page - k.memMap) / pageStruct.size, id]));
  expect({
    active: zone!.active.map(({ pfn }) => ids.get(pfn)),
    inactive: zone!.inactive.map(({ pfn }) => ids.get(pfn)),
  }).toEqual({ active: lists.active.map(({ id }) => id), inactive: lists.inactive.map(({ id }) => id) });
  for (const { page, model } of pages.values()) {
    const has = (flag: Parameters<typeof testPageFlag>[2]) => testPageFlag(k, page, flag);
    expect({
      ...model,
      mapped: pageMapcount(k, page),
      active: has("PG_active"),
      referenced: has("PG_referenced"),
      young: young.has(page),
      dirty: has("PG_dirty"),
      writeback: has("PG_writeback"),
      swapcache: has("PG_swapcache"),
    }).toEqual(model);
  }
  expect(checkLru(k)).toEqual([]);
}

it("decides about every page as the rules on plain arrays do, row by row, and leaves both lists in the same order", () => {
  const step = fc.oneof(
    fc.record({ op: fc.constant("add" as const), anon: fc.boolean(), mapped: fc.nat(2), dirty: fc.boolean() }),
    fc.record({ op: fc.constantFrom("access" as const, "touch" as const, "done" as const), which: fc.nat(40) }),
    fc.record({ op: fc.constant("refill" as const), n: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ op: fc.constant("shrink" as const) }),
  );
  const env = fc.record({
    nrMapped: fc.nat(300),
    totalMemory: fc.constant(300),
    prevPriority: fc.nat(12),
    swappiness: fc.constantFrom(0, 60, 100),
    totalSwapPages: fc.constantFrom(0, 10),
    freeSlots: fc.nat(12),
  });
  fc.assert(
    fc.property(env, fc.array(step, { minLength: 20, maxLength: 90 }), (env, steps) => {
      const both = boot({ ...env });
      const { k, lists, pages, young } = both;
      for (const step of steps) {
        if (step.op === "add") add(both, step.anon, step.mapped, step.dirty);
        else if (step.op === "refill") {
          refillInactiveZone(k, k.zones[1], {
            ...scanControl(k, GFP_KERNEL),
            nrMapped: env.nrMapped,
            nrToScan: step.n,
          });
          refillInactive(lists, step.n, both.env);
        } else if (step.op === "shrink") {
          // More than one portion would see the first one's references (vmscan.test.ts).
          const events: SimEvent[] = [];
          recordEvents(k, events);
          shrinkCache(k, k.zones[1], { ...scanControl(k, GFP_KERNEL), nrToScan: 1 });
          recordEvents(k, null);
          const ids = new Map([...pages].map(([id, { page }]) => [(page - k.memMap) / pageStruct.size, id]));
          const decisions = shrinkOnce(lists, both.env);
          expect(
            events.flatMap((event) =>
              event.kind === "shrink-page" ? [{ id: ids.get(event.pfn), verdict: event.verdict, row: event.row }] : [],
            ),
          ).toEqual(decisions);
          for (const { id, verdict } of decisions) if (verdict === "free") pages.delete(id);
        } else {
          const chosen = [...pages.values()][step.which % Math.max(pages.size, 1)];
          if (!chosen) continue;
          const { page, model } = chosen;
          if (step.op === "access") {
            markPageAccessed(k, page);
            markAccessed(lists, model);
          } else if (step.op === "touch" && model.mapped > 0) {
            young.add(page);
            model.young = true;
          } else if (step.op === "done" && model.writeback) {
            endPageWriteback(k, page);
            model.writeback = false;
            if (!model.active && !model.dirty) {
              lists.inactive.splice(lists.inactive.indexOf(model), 1);
              lists.inactive.push(model);
            }
          }
        }
        same(both);
      }
    }),
    { numRuns: 40 },
  );
});

it("an index that is taken stays with the page that has it", () => {
  const both = boot({
    nrMapped: 0,
    totalMemory: 300,
    prevPriority: 12,
    swappiness: 60,
    totalSwapPages: 0,
    freeSlots: 0,
  });
  add(both, false, 0, false);
  const page = allocPages(both.k, GFP_HIGHUSER, 0);
  expect(addToPageCache(both.k, page, both.mapping, 0)).toBe(-17);
});
