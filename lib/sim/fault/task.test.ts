// domain.md 8.1 (bad accesses of the kernel), 8.6 (exec), 7.2 (layout of a program), Gorman 4.5 (exception table).
import { beforeEach, describe, expect, test } from "vitest";
import { createFile, openFile } from "../cache/file";
import { createKernel } from "../create-kernel";
import { current } from "../current";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_EXEC, PROT_NONE, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { getMm, setMm } from "../mm/vma";
import { access, accessWord } from "./access";
import { checkFault } from "./check-fault";
import { classifyFault } from "./classify";
import { searchExceptionTable, userInstructions } from "./exception-table";
import { doExec, giveAddressSpace } from "./exec";
import { doExit, doWait } from "./exit";
import { doPageFault } from "./fault";
import { doFork } from "./fork";
import { mmput } from "./mmput";
import { childrenOf, faultVar, findTask, getTask, newTask, PID_MAX, switchTo, taskList } from "./task";
import { accessOk, clearUser, copyFromUser, copyToUser } from "./uaccess";

let k: Kernel;
let init: Addr;
const BASE = 0x10000000;
const PAGE = 4096;
const RW = PROT_READ | PROT_WRITE;

beforeEach(() => {
  k = createKernel({ boot: { kind: "zones", pages: [0, 2048, 0] } });
  init = newTask(k, "init");
  giveAddressSpace(k, init);
  switchTo(k, init);
});

const mmOf = (task: Addr) => getTask(k.memory.u32, task, "mm");
function map(pages: number, prot: number, at = BASE, extra = 0): void {
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | extra;
  expect(doMmap(k, mmOf(init), { addr: at, len: pages * PAGE, prot, flags, file: 0, pgoff: 0 })).toBe(at);
}

describe("classification (F1)", () => {
  const GROWSDOWN = 0x100;
  const classes = (address: number, code: number, esp = 0xbffff000) => classifyFault(k, mmOf(init), address, code, esp);

  test("follows the table of do_page_fault", () => {
    map(2, PROT_WRITE, BASE);
    map(1, PROT_READ, 0x20000000);
    map(1, PROT_NONE, 0x28000000);
    map(2, RW, 0x30000000, GROWSDOWN);
    expect(classes(0xc0000000, 0)).toBe("vmalloc");
    expect(classes(0xc0000000, 4)).toBe("maperr");
    expect(classes(0xc0000000, 1)).toBe("oops");
    expect(classes(BASE - 1, 4)).toBe("maperr");
    expect(classes(BASE, 4)).toBe("accerr");
    expect(classes(BASE, 6)).toBe("handle");
    expect(classes(BASE + 2 * PAGE, 6)).toBe("maperr");
    expect(classes(0x20000000, 4)).toBe("handle");
    expect(classes(0x20000000, 5)).toBe("accerr");
    expect(classes(0x20000000, 7)).toBe("accerr");
    expect(classes(0x28000000, 4)).toBe("accerr");
    expect(classes(0x50000000, 0)).toBe("oops");
  });

  test("a stack grows for accesses up to 32 bytes below esp, for the kernel anywhere", () => {
    map(2, RW, 0x30000000, GROWSDOWN);
    const esp = 0x2ffffff0;
    expect(classes(esp - 32, 6, esp)).toBe("grow+handle");
    expect(classes(esp - 33, 6, esp)).toBe("maperr");
    expect(classes(esp - 33, 2, esp)).toBe("grow+handle");
    expect(access(k, init, 0x2ffff000, "write", 1).end).toBe("done");
  });
});

describe("the kernel's own accesses", () => {
  test("the exception table finds each instruction and no other", () => {
    for (const insn of Object.values(userInstructions)) {
      expect(searchExceptionTable(k, insn)).toBeGreaterThan(0xc0300000 - 1);
      expect(searchExceptionTable(k, insn + 1)).toBe(0);
    }
    expect(new Set(Object.values(userInstructions).map((insn) => searchExceptionTable(k, insn))).size).toBe(6);
  });

  test("a bad access with a known instruction goes on elsewhere, else it is an oops", () => {
    const eip = userInstructions.getUser;
    expect(doPageFault(k, 0x50000000, 0, 0, eip)).toEqual({ kind: "fixup", eip: searchExceptionTable(k, eip) });
    expect(doPageFault(k, 8, 0, 0)).toEqual({ kind: "oops", reason: "null-pointer" });
    expect(doPageFault(k, 0x50000000, 0, 0)).toEqual({ kind: "oops", reason: "paging-request" });
  });

  test("copies fault pages in and stop at the first hole", () => {
    map(2, RW);
    const bytes = Uint8Array.from({ length: 5000 }, (_, index) => index & 255);
    expect(copyToUser(k, BASE + 100, bytes)).toBe(0);
    const back = new Uint8Array(5000);
    expect(copyFromUser(k, back, BASE + 100)).toBe(0);
    expect(back).toEqual(bytes);
    expect(copyToUser(k, BASE + 2 * PAGE - 10, bytes)).toBe(4990);
    back.fill(1);
    expect(copyFromUser(k, back, BASE + 2 * PAGE - 10)).toBe(4990);
    expect([...back.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0]);
    expect(clearUser(k, BASE + 100, 5000)).toBe(0);
    expect(access(k, init, BASE + 200, "read").value).toBe(0);
    expect(checkFault(k)).toEqual([]);
  });

  test("the range is checked against 3 GiB first", () => {
    expect(accessOk(0xbfffffff, 1)).toBe(true);
    expect(accessOk(0xbfffffff, 2)).toBe(false);
    expect(copyToUser(k, 0xc0000000, new Uint8Array(3))).toBe(3);
    expect(copyFromUser(k, new Uint8Array(0), 0xc0000000)).toBe(0);
  });
});

describe("exec", () => {
  test("lays out text, data, bss and stack, and starts with its arguments in place", () => {
    const data = Uint8Array.from({ length: 2 * PAGE }, (_, index) => (index < PAGE ? 1 : 2));
    const file = openFile(k, createFile(k, { data }));
    const segments = [
      { vaddr: 0x08048000, offset: 0, fileBytes: PAGE, memoryBytes: PAGE, prot: PROT_READ | PROT_EXEC },
      { vaddr: 0x08049000, offset: PAGE, fileBytes: 100, memoryBytes: 3 * PAGE, prot: RW },
    ];
    const task = doFork(k, init, 0);
    expect(doExec(k, task, { file, segments, dynamic: false, argBytes: 64 }, "a.out")).toBe(0);
    expect(current(k)).toBe(task);
    expect(access(k, task, 0x08048000, "read").value).toBe(1);
    expect(access(k, task, 0x08049063, "read").value).toBe(2);
    expect(access(k, task, 0x08049064, "read").value).toBe(0);
    expect(access(k, task, 0x0804b000, "write", 9).end).toBe("done");
    expect(access(k, task, 0xbfffffff, "read").faults).toEqual([]);
    expect(getMm(k.memory.u32, mmOf(task), "start_brk")).toBe(0x0804c000);
    expect(access(k, task, 0x08048000, "write", 1)).toMatchObject({ end: "killed", signal: 11 });
    expect(doWait(k, init)).toBe(2);
    expect(checkFault(k)).toEqual([]);
  });
});

describe("tasks", () => {
  test("pids ascend and go round to 300, past those in use", () => {
    const second = newTask(k, "a");
    expect(getTask(k.memory.u32, second, "pid")).toBe(2);
    k.memory.u32[faultVar(k, "last_pid") >>> 2] = PID_MAX - 1;
    expect([newTask(k, "b"), newTask(k, "c")].map((task) => getTask(k.memory.u32, task, "pid"))).toEqual([300, 301]);
    expect(findTask(k, 301)).toBe(taskList(k)[3]);
    expect(findTask(k, 302)).toBe(0);
  });

  test("a zombie keeps its number until its parent asks, an orphan's zombie goes with pid 1", () => {
    const parent = doFork(k, init, 0);
    const child = doFork(k, parent, 0);
    doExit(k, child, 0);
    expect(childrenOf(k, parent)).toEqual([child]);
    expect(doWait(k, init)).toBe(0);
    doExit(k, parent, 9);
    expect(childrenOf(k, init)).toEqual([parent, child]);
    expect([doWait(k, init), doWait(k, init), doWait(k, init)]).toEqual([2, 3, -10]);
  });

  test("an address space given back too often is a BUG, and so is one with areas its count does not know", () => {
    const mm = mmOf(doFork(k, init, 0));
    setMm(k.memory.u32, mm, "mm_users", 0);
    expect(() => mmput(k, mm)).toThrow(expect.objectContaining({ code: "mm-count-negative" }));
    map(1, RW);
    setMm(k.memory.u32, mmOf(init), "map_count", 2);
    expect(() => doExit(k, init, 0)).toThrow(expect.objectContaining({ code: "mm-not-empty" }));
  });

  test("words cross no page and keep all 32 bits", () => {
    map(1, RW);
    expect(accessWord(k, init, BASE + 4, "write", 0xdeadbeef).value).toBe(0xdeadbeef);
    expect(access(k, init, BASE + 7, "read").value).toBe(0xde);
  });
});

test("an ordinary machine boots with its zero page in the kernel image", () => {
  const map = [
    { addr: 0, size: 0x9f000, type: 1 },
    { addr: 0x100000, size: 0x1f00000, type: 1 },
  ];
  const pc = createKernel({ boot: { kind: "e820", map, imageEnd: 0x3a0000 } });
  const task = newTask(pc, "init");
  giveAddressSpace(pc, task);
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  doMmap(pc, getTask(pc.memory.u32, task, "mm"), { addr: BASE, len: PAGE, prot: RW, flags, file: 0, pgoff: 0 });
  expect(access(pc, task, BASE, "read")).toMatchObject({ value: 0, paddr: 0x39f000 });
  expect(checkFault(pc)).toEqual([]);
});
