// Worked examples: domain.md 11.1-11.3; Linux 2.6.11 mm/oom_kill.c.
import { beforeEach, expect, test } from "vitest";
import { createKernel, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { access } from "../fault/access";
import { checkFault } from "../fault/check-fault";
import { giveAddressSpace } from "../fault/exec";
import { CLONE_VM, doFork } from "../fault/fork";
import { getTask, newTask, switchTo, taskStates } from "../fault/task";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { taskStruct } from "../structs-mm";
import { PF_SWAPOFF, TIF_MEMDIE } from "../task-flags";
import { GFP_KERNEL } from "../zones/gfp";
import { checkOom } from "./check-oom";
import { observeOom } from "./observe-oom";
import { outOfMemory, taskBadness } from "./oom-kill";

const BASE = 0x10000000;
const PAGE = 4096;
let k: Kernel;
let init: Addr;
let events: SimEvent[];

beforeEach(() => {
  k = createKernel({ boot: { kind: "zones", pages: [0, 512, 0] }, overcommit: { mode: 1, ratio: 50 } });
  init = spawn(0, 1);
  events = [];
  recordEvents(k, events);
});

function spawn(parent: Addr, pages: number): Addr {
  const task = newTask(k, "task", parent);
  giveAddressSpace(k, task);
  set(task, "uid", 1000);
  set(task, "euid", 1000);
  set(task, "cap_effective", 0);
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  const request = { addr: BASE, len: pages * PAGE, prot: PROT_READ | PROT_WRITE, flags, file: 0, pgoff: 0 };
  doMmap(k, getTask(k.memory.u32, task, "mm"), request);
  return task;
}
const set = (task: Addr, field: "uid" | "euid" | "cap_effective" | "flags", value: number) => {
  k.memory.u32[(task + taskStruct.offset[field]) >>> 2] = value;
};
const pid = (task: Addr) => getTask(k.memory.u32, task, "pid");
const dead = (task: Addr) => getTask(k.memory.u32, task, "state") === taskStates.zombie;
const killed = () => events.flatMap((event) => (event.kind === "oom-kill" ? [[event.pid, event.why]] : []));

test("points count children with an address space of their own", () => {
  const parent = spawn(init, 100);
  spawn(parent, 50);
  doFork(k, parent, CLONE_VM);
  expect(taskBadness(k, parent)).toBe(150);
});

test("a child is killed in its parent's stead and gives its memory back", () => {
  const parent = spawn(init, 100);
  const child = spawn(parent, 20);
  spawn(init, 90);
  outOfMemory(k, GFP_KERNEL);
  expect(killed()).toEqual([[pid(child), "child"]]);
  expect([dead(child), getTask(k.memory.u32, child, "mm"), dead(parent)]).toEqual([true, 0, false]);
  expect([...checkOom(k), ...checkFault(k)]).toEqual([]);
});

test("everybody in the same address space dies with the task", () => {
  const worst = spawn(init, 100);
  const sharer = doFork(k, worst, CLONE_VM);
  switchTo(k, 0);
  outOfMemory(k, GFP_KERNEL);
  expect(killed()).toEqual([
    [pid(worst), "chosen"],
    [pid(sharer), "shares-mm"],
  ]);
  expect(dead(worst)).toBe(true);
});

test("the running task is marked and dies later; meanwhile nobody else is killed", () => {
  const worst = spawn(init, 100);
  spawn(init, 50);
  switchTo(k, worst);
  outOfMemory(k, GFP_KERNEL);
  expect([dead(worst), getTask(k.memory.u32, worst, "thread_flags") & TIF_MEMDIE]).toEqual([false, TIF_MEMDIE]);
  outOfMemory(k, GFP_KERNEL);
  expect(observeOom(k)).toMatchObject({ mode: 1, committed: 151, killed: 1 });
  expect(observeOom(k).tasks.map(({ points, dying }) => [points, dying])).toEqual([
    [151, false],
    [100, true],
    [50, false],
  ]);
  expect(events.at(-1)).toEqual({ kind: "oom-wait", pid: pid(worst) });
  expect(killed()).toHaveLength(1);
  expect(checkOom(k)).toEqual([]);
});

test("a task in swapoff is chosen at once", () => {
  spawn(init, 100);
  const task = spawn(init, 1);
  set(task, "flags", PF_SWAPOFF);
  outOfMemory(k, GFP_KERNEL);
  expect(killed()).toEqual([[pid(task), "chosen"]]);
});

test("with only init left, and with only kernel threads, the kernel stops", () => {
  expect(() => outOfMemory(k, GFP_KERNEL)).toThrow(expect.objectContaining({ code: "oom-no-victim" }));
  newTask(k, "kthread", init);
  expect(() => outOfMemory(k, GFP_KERNEL)).toThrow(expect.objectContaining({ code: "oom-no-victim" }));
});

test("a task that writes to more memory than there is dies, and its parent lives", () => {
  const hog = spawn(init, 600);
  let end = "done";
  for (let page = 0; page < 600 && end === "done"; page++) end = access(k, hog, BASE + page * PAGE, "write", 1).end;
  expect(end).toBe("killed");
  expect([dead(hog), dead(init)]).toEqual([true, false]);
  expect(killed()).toEqual([[pid(hog), "chosen"]]);
  expect([...checkOom(k), ...checkFault(k)]).toEqual([]);
});

test("a task that reaches its end because of another takes the pages of the victim and goes on", () => {
  const big = spawn(init, 400);
  for (let page = 0; page < 300; page++) access(k, big, BASE + page * PAGE, "write", 1);
  const small = spawn(init, 200);
  for (let page = 0; page < 200; page++) expect(access(k, small, BASE + page * PAGE, "write", 1).end).toBe("done");
  expect([dead(big), dead(small)]).toEqual([true, false]);
  expect(checkOom(k)).toEqual([]);
});
