// Worked examples: domain.md 8.4-8.6 (values of entries, counts) and the 2.6.11 functions named there.
import { beforeEach, describe, expect, test } from "vitest";
import { createKernel, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { pageToPfn, pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { doMunmap } from "../mm/munmap";
import { getMm } from "../mm/vma";
import { pteLookup } from "../mmu/pgtable";
import { ptePfn, readPte } from "../mmu/pte";
import { getPage, pageCount, pageMapcount, testPageFlag } from "../page-fields";
import { type PageStateName, readPageState } from "../page-state";
import { putPage } from "../reclaim/lru";
import { zonesData } from "../zones/structs";
import { access } from "./access";
import { checkFault } from "./check-fault";
import { giveAddressSpace } from "./exec";
import { doExit, doWait } from "./exit";
import { CLONE_VM, doFork } from "./fork";
import { faultLog, observeFault } from "./observe-fault";
import { getTask, newTask, taskList } from "./task";
import { peekZeroPfn } from "./zero-page";

let k: Kernel;
let init: Addr;
let events: SimEvent[];
const BASE = 0x10000000;
const PAGE = 4096;
const FAIL_COUNTDOWN = kernelData.offset.zones + zonesData.offset.fail_countdown;

beforeEach(() => {
  k = createKernel({ boot: { kind: "zones", pages: [0, 2048, 0] } });
  init = newTask(k, "init");
  expect(giveAddressSpace(k, init)).toBe(0);
  events = [];
  recordEvents(k, events);
});

const mmOf = (task: Addr) => getTask(k.memory.u32, task, "mm");
const counter = (task: Addr, field: Parameters<typeof getMm>[2]) => getMm(k.memory.u32, mmOf(task), field);
const stat = (name: PageStateName) => readPageState(k, name);
function map(task: Addr, pages: number, prot = PROT_READ | PROT_WRITE, at = BASE): void {
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  expect(doMmap(k, mmOf(task), { addr: at, len: pages * PAGE, prot, flags, file: 0, pgoff: 0 })).toBe(at);
}
function pteOf(task: Addr, address: number): number {
  const ptep = pteLookup(k, counter(task, "pgd"), address);
  return ptep === 0 ? 0 : readPte(k, ptep);
}
const bits = (task: Addr, address: number) => pteOf(task, address) & 0xfff;
const pageOf = (task: Addr, address: number) => pfnToPage(k, ptePfn(k, pteOf(task, address)));
const read = (task: Addr, address: number) => access(k, task, address, "read");
const write = (task: Addr, address: number, value: number) => access(k, task, address, "write", value);
const sound = () => expect(checkFault(k)).toEqual([]);
function fork(parent: Addr): Addr {
  const child = doFork(k, parent, 0);
  expect(child).toBeGreaterThan(0);
  return child;
}

describe("anonymous memory", () => {
  test("a read shows the page of zeros, read-only, and costs nothing", () => {
    map(init, 4);
    expect(read(init, BASE + 5).value).toBe(0);
    expect(bits(init, BASE)).toBe(0x025);
    expect(ptePfn(k, pteOf(init, BASE))).toBe(peekZeroPfn(k));
    expect(counter(init, "rss")).toBe(0);
    expect(getTask(k.memory.u32, init, "min_flt")).toBe(1);
    expect(faultLog(events)).toMatchObject([{ pid: 1, address: BASE + 5, code: 4, outcome: "minor" }]);
    sound();
  });

  test("a write gets a page of its own: RW, D, A, on the active list, referenced", () => {
    map(init, 4);
    expect(write(init, BASE, 7)).toMatchObject({ end: "done", value: 7 });
    expect(bits(init, BASE)).toBe(0x067);
    const page = pageOf(init, BASE);
    expect([pageCount(k, page), pageMapcount(k, page)]).toEqual([1, 1]);
    for (const flag of ["PG_lru", "PG_active", "PG_referenced"] as const)
      expect(testPageFlag(k, page, flag)).toBe(true);
    expect([counter(init, "rss"), counter(init, "anon_rss"), counter(init, "nr_ptes")]).toEqual([1, 1, 1]);
    sound();
  });

  test("a write after a read copies nothing but zeros: rss goes from 0 to 1", () => {
    map(init, 1);
    read(init, BASE);
    expect(write(init, BASE + 1, 9).faults).toHaveLength(1);
    expect(read(init, BASE).value).toBe(0);
    expect(read(init, BASE + 1).value).toBe(9);
    expect(counter(init, "rss")).toBe(1);
    expect(stat("pgfault")).toBe(2);
    sound();
  });

  test("munmap gives pages and tables back", () => {
    map(init, 1030);
    for (const page of [0, 1, 1029]) write(init, BASE + page * PAGE, 1);
    read(init, BASE + 5 * PAGE);
    expect(counter(init, "nr_ptes")).toBe(2);
    const pages = [0, 1].map((at) => pageOf(init, BASE + at * PAGE));
    doMunmap(k, mmOf(init), BASE, 1030 * PAGE);
    expect([counter(init, "rss"), counter(init, "nr_ptes"), stat("nr_mapped")]).toEqual([0, 0, 0]);
    for (const page of pages) expect(pageCount(k, page)).toBe(0);
    sound();
  });
});

describe("bad accesses", () => {
  test("a hole is SEGV_MAPERR, a read-only area SEGV_ACCERR; both kill", () => {
    const [a, b] = [fork(init), fork(init)];
    expect(read(a, BASE)).toMatchObject({ end: "killed", signal: 11, faults: [{ outcome: { code: "maperr" } }] });
    map(b, 1, PROT_READ);
    expect(read(b, BASE).end).toBe("done");
    expect(write(b, BASE, 1)).toMatchObject({ signal: 11, faults: [{ code: 7, outcome: { code: "accerr" } }] });
    expect(doWait(k, init)).toBe(2);
    expect(doWait(k, init)).toBe(3);
    expect(doWait(k, init)).toBe(-10);
    sound();
  });

  test("a kernel address reports a protection fault from user mode", () => {
    const child = fork(init);
    const { faults } = read(child, 0xc0000000);
    expect(faults[0]!.outcome).toMatchObject({ kind: "sigsegv", code: "maperr" });
    expect((faults[0]!.outcome as { errorCode: number }).errorCode & 1).toBe(1);
  });
});

describe("fork", () => {
  test("a written private page: parent 0x67 becomes 0x65, the child gets 0x45", () => {
    map(init, 2);
    write(init, BASE, 1);
    const child = fork(init);
    expect([bits(init, BASE), bits(child, BASE)]).toEqual([0x065, 0x045]);
    const page = pageOf(init, BASE);
    expect(pageOf(child, BASE)).toBe(page);
    expect([pageCount(k, page), pageMapcount(k, page)]).toEqual([2, 2]);
    expect([counter(child, "rss"), counter(child, "anon_rss")]).toEqual([1, 1]);
    sound();
  });

  test("the first writer copies, the last sharer reuses", () => {
    map(init, 1);
    write(init, BASE, 1);
    const child = fork(init);
    const before = pageOf(init, BASE);
    write(child, BASE, 2);
    expect(pageOf(child, BASE)).not.toBe(before);
    expect(write(init, BASE, 3).faults).toHaveLength(1);
    expect(pageOf(init, BASE)).toBe(before);
    expect([read(init, BASE).value, read(child, BASE).value]).toEqual([3, 2]);
    const how = faultLog(events).flatMap((fault) => fault.handled.map((each) => each.how));
    expect(how).toEqual(["anon-write", "cow-copy", "cow-reuse"]);
    sound();
  });

  test("2.6.11 copies a page that somebody else holds for another reason, 2.6.18 does not", () => {
    for (const profile of ["2.6.11", "2.6.18"] as const) {
      k = createKernel({ boot: { kind: "zones", pages: [0, 512, 0] }, profile });
      init = newTask(k, "init");
      giveAddressSpace(k, init);
      map(init, 1);
      write(init, BASE, 1);
      doExit(k, fork(init), 0);
      const page = pageOf(init, BASE);
      getPage(k, page);
      write(init, BASE, 2);
      expect(pageOf(init, BASE) === page).toBe(profile === "2.6.18");
      putPage(k, page);
      sound();
    }
  });

  test("2.6.18 copies no tables of an area that never had an anonymous page", () => {
    k = createKernel({ boot: { kind: "zones", pages: [0, 512, 0] }, profile: "2.6.18" });
    init = newTask(k, "init");
    giveAddressSpace(k, init);
    map(init, 2);
    read(init, BASE);
    const child = fork(init);
    expect(pteOf(child, BASE)).toBe(0);
    write(init, BASE, 1);
    expect(pteOf(fork(init), BASE + PAGE)).toBe(0);
    expect(pteOf(fork(init), BASE) & 0xfff).toBe(0x045);
    sound();
  });

  test("CLONE_VM shares the address space; the last user frees it", () => {
    map(init, 1);
    const child = doFork(k, init, CLONE_VM);
    expect(mmOf(child)).toBe(mmOf(init));
    write(child, BASE, 5);
    doExit(k, child, 0);
    expect(read(init, BASE).value).toBe(5);
    sound();
  });

  test("children of a dead parent go to pid 1, and everything is given back", () => {
    const free = () => k.zones[1].memory.u32[k.zones[1].zone >>> 2]!;
    map(init, 3);
    write(init, BASE, 1);
    const warm = fork(init);
    doExit(k, warm, 0);
    doWait(k, init);
    const before = observeFault(k);
    const a = fork(init);
    const b = fork(a);
    write(b, BASE, 2);
    doExit(k, a, 0);
    expect(getTask(k.memory.u32, b, "parent")).toBe(init);
    doExit(k, b, 0);
    expect([doWait(k, init), doWait(k, init)].sort()).toEqual([3, 4]);
    expect(taskList(k)).toEqual([init]);
    expect(observeFault(k).nrMapped).toBe(before.nrMapped);
    expect(free()).toBeGreaterThan(0);
    sound();
  });

  test("without memory for the copy nothing is left of the attempt", () => {
    map(init, 8);
    for (let page = 0; page < 8; page++) write(init, BASE + page * PAGE, page);
    const before = observeFault(k);
    k.ops.vmEnoughMemory = () => -12;
    expect(doFork(k, init, 0)).toBe(-12);
    expect(taskList(k)).toEqual([init]);
    const after = observeFault(k);
    expect(after.frames).toEqual(before.frames);
    sound();
  });
});

test("the log and the frame table agree with the page struct", () => {
  map(init, 1);
  write(init, BASE, 1);
  const child = fork(init);
  const page = pageOf(init, BASE);
  const frame = observeFault(k).frames.find(({ pfn }) => pfn === pageToPfn(k, page));
  expect(frame).toMatchObject({ count: 2, mapcount: 2, owner: "anon" });
  expect(frame!.mappings.map(({ mm }) => mm).sort()).toEqual([mmOf(init), mmOf(child)].sort());
});

test("the end of a fault says why an access was refused, and who is meant even if he is dead by then", () => {
  map(init, 1, PROT_READ);
  const tellEnd = (task: Addr, address: number, how: "read" | "write") => {
    events.length = 0;
    access(k, task, address, how);
    return events.find(({ kind }) => kind === "fault-ended");
  };
  const [first, second, third] = [fork(init), fork(init), fork(init)];
  expect(tellEnd(first, BASE, "write")).toMatchObject({ pid: 2, outcome: "sigsegv", why: "accerr" });
  expect(tellEnd(second, BASE + PAGE, "read")).toMatchObject({ pid: 3, outcome: "sigsegv", why: "maperr" });
  map(third, 1, PROT_READ | PROT_WRITE, BASE + 0x100000);
  k.memory.u32[(k.data + FAIL_COUNTDOWN) >>> 2] = 1;
  expect(tellEnd(third, BASE + 0x100000, "write")).toMatchObject({ pid: 4, outcome: "oom-killed", why: null });
});
