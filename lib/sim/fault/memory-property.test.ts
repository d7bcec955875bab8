// Everything at once: private and shared, anonymous and file mappings, forks, moves, protection, swap. The model is one value a page:
// a private page holds its own value once written, else it shows what it maps; a shared page is the page of its object.
import fc from "fast-check";
import { expect, test } from "vitest";
import { createFile, fput, openFile } from "../cache/file";
import { createKernel } from "../create-kernel";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { checkMms } from "../mm/check-mm";
import { findVma } from "../mm/find-vma";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { mprotect } from "../mm/mprotect";
import { mremap } from "../mm/mremap";
import { doMunmap } from "../mm/munmap";
import { getVma } from "../mm/vma";
import { runKswapd } from "../reclaim/vmscan";
import { checkShmem } from "../shmem/check-shmem";
import { swapon } from "../swap/area";
import { checkSwap } from "../swap/check-swap";
import { createDevice, deviceAt } from "../swap/device";
import { mkswap } from "../swap/header";
import { access } from "./access";
import { checkFault } from "./check-fault";
import { giveAddressSpace } from "./exec";
import { doExit, doWait } from "./exit";
import { doFork } from "./fork";
import { getTask, newTask, switchTo, taskStates } from "./task";

const BASE = 0x403fa000;
const PAGE = 4096;
const REGION = 24;
const OBJECT_PAGES = 16;
const RW = PROT_READ | PROT_WRITE;

/** What a page of a process is: `object` -1 is anonymous memory of its own. */
interface Slot {
  readonly object: number;
  readonly index: number;
  readonly isPrivate: boolean;
  own: number | null;
}

interface World {
  readonly k: Kernel;
  readonly files: Addr[];
  /** One value a page. */
  readonly objects: number[][];
  procs: { readonly task: Addr; slots: (Slot | null)[] }[];
}

const op = fc.record({
  kind: fc.constantFrom(
    "map",
    "map",
    "unmap",
    "protect",
    "move",
    "write",
    "write",
    "write",
    "read",
    "read",
    "fork",
    "exit",
  ),
  who: fc.nat(99),
  what: fc.nat(4),
  start: fc.nat(REGION - 1),
  span: fc.integer({ min: 1, max: 10 }),
  to: fc.nat(REGION - 1),
  value: fc.integer({ min: 1, max: 255 }),
});
type Op = typeof op extends fc.Arbitrary<infer T> ? T : never;

test.each([false, true])("every page shows what the model says; PAE %s", (pae) => {
  fc.assert(
    fc.property(fc.array(op, { minLength: 10, maxLength: 60 }), (ops) => {
      const world = boot(pae);
      for (const each of ops) {
        run(world, each);
        runKswapd(world.k);
        const { k } = world;
        expect([...checkFault(k), ...checkSwap(k), ...checkMms(k), ...checkShmem(k)]).toEqual([]);
      }
      for (const [who] of world.procs.entries())
        for (let page = 0; page < REGION; page++) run(world, { ...ops[0]!, kind: "read", who, start: page, span: 1 });
    }),
    { numRuns: 30 },
  );
});

function boot(pae: boolean): World {
  const k = createKernel({
    boot: { kind: "zones", pages: [0, 224, 0] },
    contents: 2048,
    overcommit: { mode: 1, ratio: 50 },
    pae,
  });
  const device = createDevice(k, 400);
  const header = deviceAt(k, device, 0);
  mkswap(k.memory.u8.subarray(header, header + PAGE), 400);
  expect(swapon(k, device)).toBe(0);
  const task = newTask(k, "init");
  giveAddressSpace(k, task);
  const objects = [1, 2].map((file) => Array.from({ length: OBJECT_PAGES }, (_, index) => file * 100 + index));
  const files = objects.map((values) => {
    const data = new Uint8Array(OBJECT_PAGES * PAGE);
    for (const [index, value] of values.entries()) data[index * PAGE + 3] = value;
    return openFile(k, createFile(k, { data }));
  });
  return { k, files, objects, procs: [{ task, slots: new Array(REGION).fill(null) }] };
}

function run(world: World, step: Op): void {
  const { k } = world;
  const who = step.who % world.procs.length;
  const { task, slots } = world.procs[who]!;
  const end = Math.min(REGION, step.start + step.span);
  const pages = Array.from({ length: end - step.start }, (_, index) => step.start + index);
  const mm = getTask(k.memory.u32, task, "mm");
  const at = BASE + step.start * PAGE;
  const bytes = pages.length * PAGE;
  switchTo(k, task);
  if (step.kind === "map") {
    map(world, who, step, pages);
  } else if (step.kind === "unmap") {
    expect(doMunmap(k, mm, at, bytes)).toBe(0);
    for (const page of pages) slots[page] = null;
  } else if (step.kind === "protect") {
    if (pages.some((page) => slots[page] === null)) return;
    expect(mprotect(k, mm, at, bytes, PROT_READ)).toBe(0);
    expect(mprotect(k, mm, at, bytes, RW)).toBe(0);
  } else if (step.kind === "move") {
    move(world, who, step.start, step.to, pages.length);
  } else if (step.kind === "fork") {
    if (world.procs.length >= 4) return;
    const child = doFork(k, task, 0);
    expect(child).toBeGreaterThan(0);
    world.procs.push({ task: child, slots: slots.map((slot) => slot && { ...slot }) });
  } else if (step.kind === "exit") {
    if (who === 0) return;
    doExit(k, task, 0);
    doWait(k, world.procs[0]!.task);
    world.procs.splice(who, 1);
  } else {
    for (const page of pages) touch(world, who, page, step.kind, step.value);
  }
}

function map(world: World, who: number, { what, start, to, value }: Op, pages: number[]): void {
  const { k } = world;
  const { task, slots } = world.procs[who]!;
  const isFile = what < 3;
  const object = isFile ? to % 2 : what === 3 ? -1 : world.objects.length;
  const isPrivate = what === 0 || what === 3;
  const pgoff = isFile ? value % (OBJECT_PAGES - pages.length + 1) : 0;
  const flags = MAP_FIXED | (isPrivate ? MAP_PRIVATE : MAP_SHARED) | (isFile ? 0 : MAP_ANONYMOUS);
  const request = {
    addr: BASE + start * PAGE,
    len: pages.length * PAGE,
    prot: RW,
    flags,
    file: isFile ? world.files[object]! : 0,
    pgoff,
  };
  expect(doMmap(k, getTask(k.memory.u32, task, "mm"), request)).toBe(request.addr);
  if (what === 4) world.objects.push(new Array(pages.length).fill(0));
  for (const [index, page] of pages.entries()) slots[page] = { object, index: pgoff + index, isPrivate, own: null };
}

function move(world: World, who: number, from: number, to: number, pages: number): void {
  const { k } = world;
  const { task, slots } = world.procs[who]!;
  if (to + pages > REGION || (from < to + pages && to < from + pages)) return;
  const mm = getTask(k.memory.u32, task, "mm");
  const vma = findVma(k, mm, BASE + from * PAGE);
  const inside = vma !== 0 && getVma(k.memory.u32, vma, "vm_start") <= BASE + from * PAGE;
  if (!inside || getVma(k.memory.u32, vma, "vm_end") < BASE + (from + pages) * PAGE) return;
  const [addr, newAddr] = [BASE + from * PAGE, BASE + to * PAGE];
  expect(mremap(k, mm, { addr, oldLen: pages * PAGE, newLen: pages * PAGE, flags: 3, newAddr })).toBe(newAddr);
  for (let index = 0; index < pages; index++) {
    slots[to + index] = slots[from + index]!;
    slots[from + index] = null;
  }
}

function touch(world: World, who: number, page: number, kind: string, value: number): void {
  const { k, objects } = world;
  const { task, slots } = world.procs[who]!;
  const slot = slots[page]!;
  if (slot === null) return;
  const address = BASE + page * PAGE + 3;
  if (kind === "write") {
    expect(access(k, task, address, "write", value).end).toBe("done");
    if (slot.isPrivate) slot.own = value;
    else objects[slot.object]![slot.index] = value;
    return;
  }
  const shown = slot.own ?? (slot.object < 0 ? 0 : objects[slot.object]![slot.index]!);
  expect(access(k, task, address, "read")).toMatchObject({ end: "done", value: shown });
}

test("when all is closed and gone, nothing is mapped or kept", () => {
  const world = boot(false);
  const { k } = world;
  for (const what of [0, 1, 3, 4])
    map(
      world,
      0,
      { what, start: what * 4, to: 0, value: 0, kind: "map", who: 0, span: 4 },
      [0, 1, 2, 3].map((page) => what * 4 + page),
    );
  for (let page = 0; page < 20; page++) touch(world, 0, page, "write", page + 1);
  const { task } = world.procs[0]!;
  const child = doFork(k, task, 0);
  doExit(k, child, 0);
  doWait(k, task);
  doExit(k, task, 0);
  for (const file of world.files) fput(k, file);
  expect(getTask(k.memory.u32, task, "state")).not.toBe(taskStates.running);
  expect([...checkFault(k), ...checkSwap(k), ...checkShmem(k)]).toEqual([]);
});
