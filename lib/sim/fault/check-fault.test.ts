// The checks find what they are there to find, and neither they nor the decoder trust a byte.
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { addMm, getMm } from "../mm/vma";
import { pteLookup } from "../mmu/pgtable";
import { pteMkwrite, ptePfn, readPte, writePte } from "../mmu/pte";
import { pageState, page as pageStruct } from "../structs";
import { access } from "./access";
import { checkFault } from "./check-fault";
import { giveAddressSpace } from "./exec";
import { doFork } from "./fork";
import { faultLog, observeFault } from "./observe-fault";
import { smaps } from "./smaps";
import { getTask, newTask } from "./task";

const BASE = 0x10000000;
const PAGE = 4096;
let k: Kernel;
let init: Addr;
let child: Addr;

function boot(): void {
  k = createKernel({ boot: { kind: "zones", pages: [0, 256, 0] } });
  init = newTask(k, "init");
  giveAddressSpace(k, init);
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  const mm = getTask(k.memory.u32, init, "mm");
  doMmap(k, mm, { addr: BASE, len: 4 * PAGE, prot: PROT_READ | PROT_WRITE, flags, file: 0, pgoff: 0 });
  access(k, init, BASE, "write", 1);
  access(k, init, BASE + PAGE, "write", 2);
  access(k, init, BASE + 2 * PAGE, "read");
  child = doFork(k, init, 0);
  access(k, child, BASE + PAGE, "write", 3);
}
beforeEach(boot);

const ptep = (task: Addr, page: number) =>
  pteLookup(k, getMm(k.memory.u32, getTask(k.memory.u32, task, "mm"), "pgd"), BASE + page * PAGE);
const pageAt = (task: Addr, page: number) => pfnToPage(k, ptePfn(k, readPte(k, ptep(task, page))));
type PageField = keyof typeof pageStruct.offset;
const getPageWord = (page: Addr, field: PageField) => k.memory.u32[(page + pageStruct.offset[field]) >>> 2]!;
function setPage(page: Addr, field: PageField, value: number): void {
  k.memory.u32[(page + pageStruct.offset[field]) >>> 2] = value;
}
function setState(field: keyof typeof pageState.offset, value: number): void {
  k.memory.u32[(k.pageState + pageState.offset[field]) >>> 2] = value;
}
const rules = () => checkFault(k).map(({ rule }) => rule);

describe("each rule", () => {
  test("nothing is wrong at first", () => expect(rules()).toEqual([]));

  test.each<[string, () => void]>([
    ["shared-writable", () => writePte(k, ptep(init, 0), pteMkwrite(readPte(k, ptep(init, 0))))],
    ["zero-page-writable", () => writePte(k, ptep(init, 2), pteMkwrite(readPte(k, ptep(init, 2))))],
    ["mapcount", () => writePte(k, ptep(child, 0), 0)],
    ["mapcount", () => setPage(pageAt(init, 0), "mapcount", 1)],
    ["count-below-mapcount", () => setPage(pageAt(init, 0), "count", 1)],
    ["mm-counter", () => addMm(k.memory.u32, getTask(k.memory.u32, init, "mm"), "rss", 1)],
    ["mm-counter", () => addMm(k.memory.u32, getTask(k.memory.u32, init, "mm"), "nr_ptes", -1)],
    ["mm-users", () => addMm(k.memory.u32, getTask(k.memory.u32, init, "mm"), "mm_users", -1)],
    ["mm-users", () => addMm(k.memory.u32, getTask(k.memory.u32, init, "mm"), "mm_users", 1)],
    ["pte-outside-vma", () => writePte(k, ptep(init, 3) + 4, 0x100)],
    ["rmap-lost", () => setPage(pageAt(init, 0), "index", getPageWord(pageAt(init, 0), "index") + 1)],
    ["private-file-writable", () => setPage(pageAt(child, 1), "mapping", getPageWord(pageAt(child, 1), "mapping") - 1)],
    ["nr-mapped", () => setState("nr_mapped", 9)],
    ["nr-page-table-pages", () => setState("nr_page_table_pages", 9)],
  ])("%s is found", (rule, damage) => {
    damage();
    expect(rules()).toContain(rule);
  });
});

test("whatever the bytes say, checks and decoders end without throwing", () => {
  const write = fc.tuple(fc.nat(), fc.oneof(fc.nat(0xffffffff), fc.nat(4096), fc.constant(0)));
  fc.assert(
    fc.property(fc.array(write, { minLength: 1, maxLength: 200 }), (writes) => {
      boot();
      const words = k.memory.u32;
      const spaces = [init, child, getTask(words, init, "mm"), getTask(words, child, "mm"), k.data, ptep(init, 0)];
      for (const [at, value] of writes) words[(spaces[at % spaces.length]! >>> 2) + ((at >>> 4) % 64)] = value;
      checkFault(k);
      observeFault(k);
      smaps(k, getTask(words, init, "mm") || 4);
      faultLog([]);
    }),
    { numRuns: 150 },
  );
});
