import { describe, expect, it } from "vitest";
import { bootBuddyMachine } from "./buddy-machine";
import { checkZone } from "./check-zone";
import { COLD, HOT, type PageFlag, pageFlags } from "./constants";
import { decode } from "./layout";
import { type BuddyConfig, type BuddyMachine, pageToPfn, pfnToPage } from "./machine";
import { observeBuddy } from "./observe-buddy";
import { allocPages, freePages } from "./page-alloc";
import { pageState, page as pageStruct } from "./structs";

type PageField = keyof typeof pageStruct.offset;
const at = (page: number, field: PageField) => (page + pageStruct.offset[field]) >>> 2;
const read = (m: BuddyMachine, page: number, field: PageField) => m.memory.i32[at(page, field)];
const write = (m: BuddyMachine, page: number, field: PageField, value: number) => {
  m.memory.i32[at(page, field)] = value;
};
const boot = (config: Partial<BuddyConfig> = {}) => bootBuddyMachine({ pages: 16, init: "one-block", ...config });

describe("allocPages (2.6.11 alloc_pages, prep_new_page)", () => {
  it("gives a reference to the first page of a block only", () => {
    const m = boot();
    const page = allocPages(m, HOT, 2);
    expect([0, 1, 2, 3].map((index) => read(m, page + index * pageStruct.size, "count"))).toEqual([1, 0, 0, 0]);
  });

  it("answers nothing for order 11 and above, and when nothing is free", () => {
    const m = boot({ pages: 4096 });
    for (const order of [11, 12, 40]) expect(allocPages(m, HOT, order)).toBe(0);
    for (let block = 0; block < 4; block++) expect(allocPages(m, HOT, 10)).not.toBe(0);
    expect(allocPages(m, HOT, 0)).toBe(0);
  });

  it("clears the marks of the page's former life and private", () => {
    const m = boot();
    const former: PageFlag[] = [
      "PG_uptodate",
      "PG_error",
      "PG_referenced",
      "PG_arch_1",
      "PG_checked",
      "PG_mappedtodisk",
    ];
    const kept = 1 << pageFlags.PG_highmem;
    write(
      m,
      pfnToPage(m, 0),
      "flags",
      former.reduce((bits, flag) => bits | (1 << pageFlags[flag]), kept | (1 << pageFlags.PG_private)),
    );
    const page = allocPages(m, HOT, 4);
    expect(read(m, page, "flags")).toBe(kept);
    expect(read(m, page, "private")).toBe(0);
    expect(m.tainted).toBe(0);
  });

  it.each<PageFlag>(["PG_locked", "PG_lru", "PG_active", "PG_dirty", "PG_reclaim", "PG_swapcache", "PG_writeback"])(
    "repairs a new page that carries %s, taints the kernel and goes on",
    (flag) => {
      const m = boot();
      m.events = [];
      write(m, pfnToPage(m, 0), "flags", (1 << pageFlags[flag]) | (1 << pageFlags.PG_private));
      const page = allocPages(m, HOT, 4);
      expect([pageToPfn(m, page), m.tainted, read(m, page, "count")]).toEqual([0, 1, 1]);
      expect(m.events).toContainEqual({ kind: "bad-page", pfn: 0, during: "alloc" });
      expect(observeBuddy(m, []).findings).toEqual([{ rule: "tainted", args: { pfn: -1, order: -1, times: 1 } }]);
      // PG_reclaim is not among the flags that bad_page clears.
      expect(read(m, page, "flags")).toBe(flag === "PG_reclaim" ? 1 << pageFlags.PG_reclaim : 0);
    },
  );

  it("counts pages allocated and freed", () => {
    const m = boot({ pcp: { batch: 1 } });
    const pages = [allocPages(m, HOT, 0), allocPages(m, HOT, 2)];
    freePages(m, pages[1]!, 2);
    expect(decode(m.memory, pageState, m.pageState)).toMatchObject({ pgalloc: 5, pgfree: 4 });
  });

  it("stops with a BUG if a replaced step hands out what is no page", () => {
    const m = boot();
    m.ops.rmqueue = () => 12;
    expect(() => allocPages(m, HOT, 0)).toThrow(expect.objectContaining({ code: "bad-page-address" }));
  });
});

describe("freePages (2.6.11 __free_pages, free_pages_check)", () => {
  it("frees only with the last reference", () => {
    const m = boot();
    const page = allocPages(m, HOT, 0);
    write(m, page, "count", 3);
    for (const free of [15, 15, 16]) {
      freePages(m, page, 0);
      expect(observeBuddy(m, []).freePages).toBe(free);
    }
  });

  it("stops with a BUG when there is no reference left to drop", () => {
    const m = boot();
    const page = allocPages(m, HOT, 1);
    freePages(m, page, 1);
    expect(() => freePages(m, page, 1)).toThrow(
      expect.objectContaining({ code: "double-free", args: { pfn: 0, order: 1 } }),
    );
    expect(checkZone(m, [])).toEqual([]);
  });

  it("leaves reserved pages alone", () => {
    const m = boot({ init: "holes" });
    const before = observeBuddy(m, []);
    freePages(m, pfnToPage(m, 0), 0);
    expect(observeBuddy(m, [])).toEqual(before);
  });

  it("puts a single page on the list it is told, larger blocks on none", () => {
    const m = boot({ pcp: { batch: 1 } });
    const [first, second, block] = [allocPages(m, HOT, 0), allocPages(m, HOT, 0), allocPages(m, COLD, 2)];
    freePages(m, first, 0, COLD);
    freePages(m, second, 0);
    freePages(m, block, 2, COLD);
    const { pcp, freeLists } = observeBuddy(m, []);
    expect([pcp?.cold.list, pcp?.hot.list[0], freeLists[2]]).toEqual([[0], 1, [4]]);
  });

  it("cleans a dirty page and takes an anonymous one from its owner without complaint", () => {
    const m = boot({ pcp: { batch: 1 } });
    const page = allocPages(m, HOT, 0);
    write(m, page, "flags", 1 << pageFlags.PG_dirty);
    write(m, page, "mapping", 0x1001);
    freePages(m, page, 0);
    expect([read(m, page, "flags"), read(m, page, "mapping"), m.tainted]).toEqual([0, 0, 0]);
  });

  it.each<[PageField, number]>([
    ["mapping", 0x1000],
    ["mapcount", 1],
    ["flags", 1 << pageFlags.PG_slab],
    ["flags", 1 << pageFlags.PG_private],
    ["count", 1],
  ])("looks at every page of the block: a second page with %s %i is repaired", (field, value) => {
    const m = boot();
    const page = allocPages(m, HOT, 1);
    write(m, page + pageStruct.size, field, value);
    freePages(m, page, 1);
    expect(m.tainted).toBe(1);
    expect(checkZone(m, []).map(({ rule }) => rule)).toEqual(["tainted"]);
  });

  it("does not notice a wrong order; the invariants do", () => {
    const m = boot();
    const page = allocPages(m, HOT, 2);
    allocPages(m, HOT, 2);
    freePages(m, page, 3);
    expect(checkZone(m, [{ pfn: 4, order: 2 }]).map(({ rule }) => rule)).toContain("free-page-in-use");
  });

  it("checks no page beyond the zone when the order is too large", () => {
    const m = boot({ pages: 12 });
    const page = allocPages(m, HOT, 2);
    expect(pageToPfn(m, page)).toBe(8);
    expect(() => freePages(m, page, 3)).not.toThrow();
    expect(checkZone(m).map(({ rule }) => rule)).toContain("block-outside-zone");
  });
});
