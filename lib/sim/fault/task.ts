// Tasks: who they are, which of them runs, and what they hold.
// Theory:     a task points to its address space (mm); a task of the kernel has none and borrows the one that ran before
//             (active_mm). All tasks are on one list in order of creation, and each is on the list of its parent's children.
// Source:     Linux 2.6.11 linux/sched.h (task_struct, for_each_process), kernel/fork.c (copy_process), kernel/pid.c
//             (alloc_pidmap), kernel/exit.c (next_thread); Gorman 4.3
// Simplified: no scheduler and no time slices: the driver of the machine says who runs. pid 0 is the idle task and has no struct.
import { current, uptime } from "../current";
import { canHold } from "../frames";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { listAddTail, listDel, listInit } from "../list";
import type { Addr } from "../machine";
import { initRlimits, type Rlimit } from "../mm/limits";
import { switchMm } from "../mmu/mmu-access";
import { freeObject, newObject } from "../objects";
import { rlimits, taskStruct } from "../structs-mm";
import { faultData } from "./structs";

type Words = Uint32Array;
export type TaskField = Exclude<keyof typeof taskStruct.fields, "children" | "sibling" | "tasks" | "rlim" | "comm">;

export const taskStates = { running: 0, interruptible: 1, uninterruptible: 2, zombie: 16, dead: 32 } as const;
/** pid_max of a small machine. */
export const PID_MAX = 32768;
/** The first pid that is given again after the numbers have gone round. */
const RESERVED_PIDS = 300;
const ORDINARY_USER = 1000;
/** Everything but CAP_SETPCAP. */
const CAP_INIT_EFF_SET = 0xfffffeff;

const CHILDREN = taskStruct.offset.children;
const SIBLING = taskStruct.offset.sibling;
const TASKS = taskStruct.offset.tasks;

export function getTask(w: Words, task: Addr, field: TaskField): number {
  return w[(task + taskStruct.offset[field]) >>> 2]!;
}

export function setTask(w: Words, task: Addr, field: TaskField, value: number): void {
  w[(task + taskStruct.offset[field]) >>> 2] = value;
}

/** Machine address of a variable of this part. */
export function faultVar(k: Kernel, name: keyof typeof faultData.fields): Addr {
  return k.data + kernelData.offset.fault + faultData.offset[name];
}

export function initTasks(k: Kernel): void {
  listInit(k.memory.u32, faultVar(k, "tasks"));
  listInit(k.memory.u32, faultVar(k, "mmlist"));
}

/** pid of the running task, 0 for the kernel itself. */
export function currentPid(k: Kernel): number {
  const task = current(k);
  return task === 0 ? 0 : getTask(k.memory.u32, task, "pid");
}

/** context_switch: `task` runs from now on, in its address space or, if it has none, in the one that is there. 0 for the kernel. */
export function switchTo(k: Kernel, task: Addr): void {
  const w = k.memory.u32;
  const before = current(k);
  w[(k.data + kernelData.offset.current) >>> 2] = task;
  if (k.events !== null && task !== before)
    k.events.push({ kind: "task-switch", pid: task === 0 ? 0 : getTask(w, task, "pid") });
  if (task === 0) return;
  const mm = getTask(w, task, "mm");
  if (mm !== 0) switchMm(k, mm);
}

/**
 * A task that was never anywhere: the first task's limits, no address space. pid 1 is root with all capabilities; others are what
 * `parent` is or, if they are nobody's child (0), an ordinary user. 0 when there is no memory.
 */
export function newTask(k: Kernel, comm: string, parent: Addr = 0): Addr {
  const task = newObject(k, "task_struct");
  if (task === 0) return 0;
  const w = k.memory.u32;
  setLimits(w, task);
  setTask(w, task, "start_time", uptime(k));
  setComm(k, task, comm);
  enrol(k, task, parent);
  setRights(w, task, parent);
  tellNewTask(k, task);
  return task;
}

/** A copy of `parent`'s task_struct with a pid of its own; it has no address space yet. 0 when there is no memory. */
export function dupTask(k: Kernel, parent: Addr): Addr {
  const task = newObject(k, "task_struct");
  if (task === 0) return 0;
  const w = k.memory.u32;
  w.copyWithin(task >>> 2, parent >>> 2, (parent + taskStruct.size) >>> 2);
  for (const field of ["mm", "active_mm", "utime", "stime", "min_flt", "maj_flt", "thread_flags", "flags"] as const)
    setTask(w, task, field, 0);
  setTask(w, task, "start_time", uptime(k));
  enrol(k, task, parent);
  return task;
}

/** Takes the task off all lists and frees its struct; it must not hold an address space. */
export function releaseTask(k: Kernel, task: Addr): void {
  const w = k.memory.u32;
  listDel(w, task + TASKS);
  if (getTask(w, task, "parent") !== 0) listDel(w, task + SIBLING);
  w[faultVar(k, "nr_tasks") >>> 2]! -= 1;
  freeObject(k, "task_struct", task);
}

/** All tasks in order of creation, at most as many as there are. */
export function taskList(k: Kernel): Addr[] {
  return walkTasks(k, faultVar(k, "tasks"), TASKS);
}

/** Children of a task, oldest first. */
export function childrenOf(k: Kernel, task: Addr): Addr[] {
  return walkTasks(k, task + CHILDREN, SIBLING);
}

/** The task with that pid, 0 if there is none. */
export function findTask(k: Kernel, pid: number): Addr {
  return taskList(k).find((task) => getTask(k.memory.u32, task, "pid") === pid) ?? 0;
}

/** The child leaves its parent's list for that of `parent` (0: of nobody). */
export function reparent(k: Kernel, task: Addr, parent: Addr): void {
  const w = k.memory.u32;
  if (getTask(w, task, "parent") !== 0) listDel(w, task + SIBLING);
  setTask(w, task, "parent", parent);
  if (parent !== 0) listAddTail(w, task + SIBLING, parent + CHILDREN);
}

export function setComm(k: Kernel, task: Addr, comm: string): void {
  const at = task + taskStruct.offset.comm;
  const bytes = k.memory.u8.subarray(at, at + 16);
  bytes.fill(0);
  for (let index = 0; index < Math.min(15, comm.length); index++) bytes[index] = comm.charCodeAt(index) & 0x7f;
}

function setRights(w: Words, task: Addr, parent: Addr): void {
  const root = getTask(w, task, "pid") === 1;
  const of = (field: "uid" | "euid" | "cap_effective", own: number) =>
    setTask(w, task, field, parent === 0 ? own : getTask(w, parent, field));
  of("uid", root ? 0 : ORDINARY_USER);
  of("euid", root ? 0 : ORDINARY_USER);
  of("cap_effective", root ? CAP_INIT_EFF_SET : 0);
}

function setLimits(w: Words, task: Addr): void {
  const at = (task + taskStruct.offset.rlim) >>> 2;
  for (const limit of Object.keys(rlimits) as Rlimit[]) w[at + rlimits[limit]] = initRlimits[limit];
}

function enrol(k: Kernel, task: Addr, parent: Addr): void {
  const w = k.memory.u32;
  const pid = allocPid(k);
  setTask(w, task, "pid", pid);
  setTask(w, task, "tgid", pid);
  listInit(w, task + CHILDREN);
  setTask(w, task, "parent", parent);
  if (parent !== 0) listAddTail(w, task + SIBLING, parent + CHILDREN);
  listAddTail(w, task + TASKS, faultVar(k, "tasks"));
  w[faultVar(k, "nr_tasks") >>> 2]! += 1;
  if (pid === 1) w[faultVar(k, "child_reaper") >>> 2] = task;
}

/** Tells of a task that is complete. */
export function tellNewTask(k: Kernel, task: Addr): void {
  if (k.events === null) return;
  const w = k.memory.u32;
  const parent = getTask(w, task, "parent");
  k.events.push({
    kind: "task-new",
    pid: getTask(w, task, "pid"),
    parent: parent === 0 ? 0 : getTask(w, parent, "pid"),
    mm: getTask(w, task, "mm"),
  });
}

/** The next number after the last one given; after 32767 the free ones from 300 on. */
function allocPid(k: Kernel): number {
  const w = k.memory.u32;
  const last = faultVar(k, "last_pid") >>> 2;
  let pid = w[last]! + 1;
  if (pid >= PID_MAX || findTask(k, pid) !== 0) {
    const used = new Set(taskList(k).map((task) => getTask(w, task, "pid")));
    const next = (from: number, to: number): number => {
      for (let each = from; each < to; each++) if (!used.has(each)) return each;
      return 0;
    };
    pid = next(pid, PID_MAX) || next(RESERVED_PIDS, PID_MAX);
  }
  w[last] = pid;
  return pid;
}

function walkTasks(k: Kernel, anchor: Addr, link: number): Addr[] {
  const w = k.memory.u32;
  const most = Math.min(w[faultVar(k, "nr_tasks") >>> 2]!, PID_MAX);
  const found: Addr[] = [];
  for (let at = w[anchor >>> 2]!; at !== anchor && found.length < most; at = w[at >>> 2]!) {
    if (!canHold(k, at - link, taskStruct.size)) break;
    found.push(at - link);
  }
  return found;
}
