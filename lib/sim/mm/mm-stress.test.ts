import fc from "fast-check";
import { expect, test } from "vitest";
import { createFile, openFile } from "../cache/file";
import { createKernel } from "../create-kernel";
import { accessWord } from "../fault/access";
import { checkFault } from "../fault/check-fault";
import { giveAddressSpace } from "../fault/exec";
import { doExit, doWait } from "../fault/exit";
import { doFork } from "../fault/fork";
import { getTask, newTask, switchTo } from "../fault/task";
import type { Addr } from "../machine";
import { checkOom } from "../oom/check-oom";
import { checkShmem } from "../shmem/check-shmem";
import { checkMms } from "./check-mm";
import { findVma } from "./find-vma";
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  VM_READ,
  VM_WRITE,
} from "./flags";
import { mlock, munlock } from "./mlock";
import { doMmap } from "./mmap";
import { mprotect } from "./mprotect";
import { mremap } from "./mremap";
import { doMunmap } from "./munmap";
import { getVma } from "./vma";

const PAGE = 4096;
const WINDOW = 0x20000000;
const SIZE = 20;

const at = fc.nat(SIZE - 1);
const count = fc.integer({ min: 1, max: 6 });
const op = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      call: fc.constant("map" as const),
      at,
      count,
      prot: fc.constantFrom(1, 3, 3, 5),
      kind: fc.nat(5),
    }),
  },
  { weight: 2, arbitrary: fc.record({ call: fc.constant("unmap" as const), at, count }) },
  {
    weight: 2,
    arbitrary: fc.record({ call: fc.constant("protect" as const), at, count, prot: fc.constantFrom(0, 1, 3) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ call: fc.constant("remap" as const), at, count, to: count, target: fc.nat(SIZE - 1) }),
  },
  { weight: 1, arbitrary: fc.record({ call: fc.constant("lock" as const), at, count, on: fc.boolean() }) },
  {
    weight: 8,
    arbitrary: fc.record({
      call: fc.constant("write" as const),
      at,
      who: fc.nat(1),
      value: fc.integer({ min: 1, max: 0x7fffffff }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ call: fc.constant("read" as const), at, who: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant("fork" as const) }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant("exit" as const) }) },
);

/** What each page of a process must read as; shared pages are one object seen from several places. */
interface Cell {
  value: number;
}
type Contents = (Cell | null)[];

test("whatever a process and its child do, each page reads as it was last written, and every invariant holds", () => {
  fc.assert(
    fc.property(fc.array(op, { maxLength: 60 }), (ops) => {
      const k = createKernel({ boot: { kind: "zones", pages: [0, 1024, 0] } });
      const parent = newTask(k, "parent", newTask(k, "init"));
      giveAddressSpace(k, parent);
      switchTo(k, parent);
      const mm = getTask(k.memory.u32, parent, "mm");
      const file = openFile(k, createFile(k, { pages: SIZE + 8, sparse: true }));
      const fileCells: Cell[] = Array.from({ length: SIZE + 8 }, () => ({ value: 0 }));
      let child: Addr = 0;
      let mine: Contents = new Array<Cell | null>(SIZE + 8).fill(null);
      let shared: boolean[] = new Array<boolean>(SIZE + 8).fill(false);
      let theirs: Contents = [];
      for (const each of ops) {
        switchTo(k, parent);
        switch (each.call) {
          case "map": {
            // 0..2 private anonymous, 3 shared anonymous, 4 private file, 5 shared file
            const flags =
              MAP_FIXED |
              (each.kind === 3 || each.kind === 5 ? MAP_SHARED : MAP_PRIVATE) |
              (each.kind < 4 ? MAP_ANONYMOUS : 0);
            const addr = WINDOW + each.at * PAGE;
            const request = { addr, len: each.count * PAGE, prot: each.prot, flags, file: each.kind < 4 ? 0 : file };
            expect(doMmap(k, mm, { ...request, pgoff: each.kind < 4 ? 0 : each.at })).toBe(addr);
            for (let page = each.at; page < each.at + each.count; page++) {
              mine[page] = each.kind === 5 ? fileCells[page]! : { value: each.kind === 4 ? -1 : 0 };
              shared[page] = each.kind === 3 || each.kind === 5;
            }
            break;
          }
          case "unmap":
            expect(doMunmap(k, mm, WINDOW + each.at * PAGE, each.count * PAGE)).toBe(0);
            mine.fill(null, each.at, each.at + each.count);
            break;
          case "protect":
            mprotect(k, mm, WINDOW + each.at * PAGE, each.count * PAGE, each.prot);
            break;
          case "remap": {
            const [oldLen, newLen] = [each.count * PAGE, each.to * PAGE];
            const newAddr = WINDOW + each.target * PAGE;
            const addr = WINDOW + each.at * PAGE;
            const result = mremap(k, mm, { addr, oldLen, newLen, flags: MREMAP_FIXED | MREMAP_MAYMOVE, newAddr });
            const overlaps = newAddr < addr + oldLen && addr < newAddr + newLen;
            if (overlaps) {
              expect(result).toBeLessThan(0);
              break;
            }
            // The target is cleared and a longer old range cut before anything can be refused.
            mine.fill(null, each.target, each.target + each.to);
            if (each.count > each.to) mine.fill(null, each.at + each.to, each.at + each.count);
            if (result < 0) break;
            expect(result).toBe(newAddr);
            const kept = Math.min(each.count, each.to);
            const growsFile = shared[each.at] === true;
            for (let page = 0; page < each.to; page++) {
              const from = each.at + page;
              mine[each.target + page] = page < kept ? mine[from]! : { value: -1 };
              shared[each.target + page] = growsFile;
            }
            mine.fill(null, each.at, each.at + kept);
            break;
          }
          case "lock": {
            const call = each.on ? mlock : munlock;
            call(k, mm, WINDOW + each.at * PAGE, each.count * PAGE);
            break;
          }
          case "write":
          case "read": {
            const isChild = each.who === 1 && child !== 0;
            const task = isChild ? child : parent;
            const cell = (isChild ? theirs : mine)[each.at];
            const address = WINDOW + each.at * PAGE;
            const vma = findVma(k, getTask(k.memory.u32, task, "mm"), address);
            const flags = vma === 0 ? 0 : getVma(k.memory.u32, vma, "vm_flags");
            const mapped = vma !== 0 && getVma(k.memory.u32, vma, "vm_start") <= address;
            expect(mapped).toBe(cell !== null && cell !== undefined);
            // Contents that only the file knows, and pages beyond its end, are not followed.
            if (!mapped || !cell || cell.value === -1) break;
            if (each.call === "write") {
              if ((flags & VM_WRITE) === 0) break;
              expect(accessWord(k, task, address, "write", each.value)).toMatchObject({ end: "done" });
              cell.value = each.value;
            } else {
              if ((flags & VM_READ) === 0) break;
              expect(accessWord(k, task, address, "read")).toMatchObject({ end: "done", value: cell.value });
            }
            break;
          }
          case "fork": {
            if (child !== 0) break;
            child = doFork(k, parent, 0);
            expect(child).toBeGreaterThan(0);
            theirs = mine.map((cell, page) => (cell === null || shared[page] ? cell : { ...cell }));
            break;
          }
          case "exit":
            if (child === 0) break;
            doExit(k, child, 0);
            doWait(k, parent);
            child = 0;
            theirs = [];
            break;
        }
        expect([...checkMms(k), ...checkFault(k), ...checkOom(k), ...checkShmem(k)]).toEqual([]);
      }
      mine = [];
      shared = [];
      if (child !== 0) doExit(k, child, 0);
      doExit(k, parent, 0);
      expect([...checkMms(k), ...checkFault(k), ...checkOom(k), ...checkShmem(k)]).toEqual([]);
    }),
    { numRuns: 60, seed: 14 },
  );
}, 30_000);
