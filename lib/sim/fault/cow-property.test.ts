// Random processes that write, read, fork, drop pages and exit, against a model of plain maps. The model knows nothing of page
// tables: a page of a process holds a value and belongs to a group of pages that share a frame.
import fc from "fast-check";
import { expect, test } from "vitest";
import { createKernel, type KernelOptions } from "../create-kernel";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { mprotect } from "../mm/mprotect";
import { getMm } from "../mm/vma";
import { pteLookup } from "../mmu/pgtable";
import { ptePfn, ptePresent, readPte } from "../mmu/pte";
import { access } from "./access";
import { checkFault } from "./check-fault";
import { giveAddressSpace } from "./exec";
import { doExit, doWait } from "./exit";
import { doFork } from "./fork";
import { madviseDontneed } from "./madvise";
import { getTask, newTask } from "./task";
import { peekZeroPfn } from "./zero-page";

const BASE = 0x3ffff000;
const PAGES = 6;
const PAGE = 4096;
const MOST_PROCESSES = 6;

/** What a page of a process shows: nothing yet, the zeros, or the value of a frame shared by all with the same number. */
type Slot = null | "zero" | { group: number; value: number };

interface Model {
  procs: { task: Addr; slots: Slot[] }[];
  nextGroup: number;
}

const op = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constant("write" as const), fc.nat(99), fc.nat(PAGES - 1), fc.integer({ min: 1, max: 255 })),
  },
  { weight: 4, arbitrary: fc.tuple(fc.constant("read" as const), fc.nat(99), fc.nat(PAGES - 1), fc.constant(0)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("fork" as const), fc.nat(99), fc.constant(0), fc.constant(0)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("exit" as const), fc.nat(99), fc.constant(0), fc.constant(0)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("drop" as const), fc.nat(99), fc.nat(PAGES - 1), fc.constant(0)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("protect" as const), fc.nat(99), fc.nat(PAGES - 1), fc.constant(0)) },
);

const machines: [string, Partial<KernelOptions>][] = [
  ["2.6.11", {}],
  ["2.6.18", { profile: "2.6.18" }],
  ["2.6.11 with PAE", { pae: true }],
];

test.each(machines)("frames are shared exactly as long as nobody writes: %s", (_name, options) => {
  fc.assert(
    fc.property(fc.array(op, { minLength: 5, maxLength: 60 }), (ops) => {
      const k = createKernel({
        boot: { kind: "zones", pages: [0, 1024, 0] },
        overcommit: { mode: 1, ratio: 50 },
        ...options,
      });
      const init = newTask(k, "init");
      giveAddressSpace(k, init);
      const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
      const mm = getTask(k.memory.u32, init, "mm");
      doMmap(k, mm, { addr: BASE, len: PAGES * PAGE, prot: PROT_READ | PROT_WRITE, flags, file: 0, pgoff: 0 });
      const model: Model = { procs: [{ task: init, slots: new Array(PAGES).fill(null) }], nextGroup: 0 };
      for (const [kind, who, page, value] of ops) {
        run(k, model, kind, who % model.procs.length, page, value);
        expect(checkFault(k)).toEqual([]);
        compare(k, model);
      }
      for (const { task } of model.procs.reverse()) doExit(k, task, 0);
      expect(checkFault(k)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

function run(k: Kernel, model: Model, kind: string, who: number, page: number, value: number): void {
  const { task, slots } = model.procs[who]!;
  const address = BASE + page * PAGE + 17;
  const mm = getTask(k.memory.u32, task, "mm");
  if (kind === "write") {
    expect(access(k, task, address, "write", value).end).toBe("done");
    const slot = slots[page]!;
    const alone = slot !== null && slot !== "zero" && sharers(model, slot.group) === 1;
    slots[page] = { group: alone ? slot.group : model.nextGroup++, value };
  } else if (kind === "read") {
    const slot = slots[page]!;
    const expected = slot === null || slot === "zero" ? 0 : slot.value;
    expect(access(k, task, address, "read").value).toBe(expected);
    slots[page] ??= "zero";
  } else if (kind === "fork") {
    if (model.procs.length >= MOST_PROCESSES) return;
    const child = doFork(k, task, 0);
    expect(child).toBeGreaterThan(0);
    const copied = k.config.profile === "2.6.11" || slots.some((slot) => slot !== null && slot !== "zero");
    // After 2.6.11 a child may also start without the pages of zeros; both show 0.
    model.procs.push({
      task: child,
      slots: slots.map((slot) => (copied && slot !== "zero" ? slot && { ...slot } : null)),
    });
  } else if (kind === "exit") {
    if (who === 0) return;
    doExit(k, task, 0);
    doWait(k, model.procs[0]!.task);
    model.procs.splice(who, 1);
  } else if (kind === "drop") {
    madviseDontneed(k, mm, BASE + page * PAGE, PAGE);
    slots[page] = null;
  } else {
    expect(mprotect(k, mm, BASE + page * PAGE, PAGE, PROT_READ)).toBe(0);
    expect(mprotect(k, mm, BASE + page * PAGE, PAGE, PROT_READ | PROT_WRITE)).toBe(0);
  }
}

function sharers(model: Model, group: number): number {
  return model.procs
    .flatMap(({ slots }) => slots)
    .filter((slot) => slot !== null && slot !== "zero" && slot.group === group).length;
}

/** Two pages show the same frame exactly if the model has them in one group. */
function compare(k: Kernel, model: Model): void {
  const frameOfGroup = new Map<number, number>();
  const groupOfFrame = new Map<number, number>();
  for (const { task, slots } of model.procs) {
    const pgd = getMm(k.memory.u32, getTask(k.memory.u32, task, "mm"), "pgd");
    for (const [page, slot] of slots.entries()) {
      const ptep = pteLookup(k, pgd, BASE + page * PAGE);
      const pte = ptep === 0 ? 0 : readPte(k, ptep);
      if (slot === null || slot === "zero") {
        if (ptePresent(pte)) expect(ptePfn(k, pte)).toBe(peekZeroPfn(k));
        continue;
      }
      const pfn = ptePfn(k, pte);
      expect(frameOfGroup.get(slot.group) ?? pfn).toBe(pfn);
      expect(groupOfFrame.get(pfn) ?? slot.group).toBe(slot.group);
      frameOfGroup.set(slot.group, pfn);
      groupOfFrame.set(pfn, slot.group);
    }
  }
}
