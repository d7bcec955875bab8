// The end of a task.
// Theory:     first it gives back its address space; then its children get another parent; then it is a zombie, a task_struct with
//             nothing but a number and a cause of death, until its parent has asked for that.
// Source:     Linux 2.6.11 kernel/signal.c (get_signal_to_deliver, for SIGKILL), kernel/exit.c (do_exit, exit_mm, exit_notify, forget_original_parent, release_task, wait_task_zombie);
//             Gorman 4.3
// Simplified: one thread a group; the only reason to skip the zombie is that there is no parent to ask.
import { current } from "../current";
import { ECHILD } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { SIGKILL } from "../signal";
import { PF_EXITING, TIF_MEMDIE } from "../task-flags";
import { mmput } from "./mmput";
import { childrenOf, faultVar, getTask, releaseTask, reparent, setTask, switchTo, taskStates } from "./task";

/** do_exit. `signal` is the cause of death, 0 for a voluntary exit. The machine runs as the kernel itself if this was the current task. */
export function doExit(k: Kernel, task: Addr, signal: number): void {
  const w = k.memory.u32;
  if (isDead(k, task)) return;
  setTask(w, task, "flags", getTask(w, task, "flags") | PF_EXITING);
  k.events?.push({ kind: "task-exit", pid: getTask(w, task, "pid"), signal });
  exitMm(k, task);
  const reaper = k.memory.u32[faultVar(k, "child_reaper") >>> 2]!;
  for (const child of childrenOf(k, task)) {
    const parent = reaper === task ? 0 : reaper;
    reparent(k, child, parent);
    if (parent === 0 && isDead(k, child)) releaseTask(k, child);
  }
  if (current(k) === task) switchTo(k, 0);
  if (reaper === task) k.memory.u32[faultVar(k, "child_reaper") >>> 2] = 0;
  setTask(k.memory.u32, task, "state", taskStates.zombie);
  setTask(k.memory.u32, task, "exit_signal", signal);
  if (getTask(k.memory.u32, task, "parent") === 0) releaseTask(k, task);
}

/**
 * What the kernel does on its way back to a program: who was chosen by the OOM killer while it asked for memory dies now.
 * @returns whether the task died.
 */
export function deliverKill(k: Kernel, task: Addr): boolean {
  if (isDead(k, task) || (getTask(k.memory.u32, task, "thread_flags") & TIF_MEMDIE) === 0) return false;
  doExit(k, task, SIGKILL);
  return true;
}

/** exit_mm: the task has no address space from now on. */
function exitMm(k: Kernel, task: Addr): void {
  const mm = getTask(k.memory.u32, task, "mm");
  if (mm === 0) return;
  setTask(k.memory.u32, task, "mm", 0);
  setTask(k.memory.u32, task, "active_mm", 0);
  mmput(k, mm);
}

/** wait4 without options: reaps the oldest zombie among the children. @returns its pid, 0 if none has died yet, -ECHILD without children. */
export function doWait(k: Kernel, parent: Addr): number {
  const children = childrenOf(k, parent);
  if (children.length === 0) return -ECHILD;
  const zombie = children.find((child) => isDead(k, child));
  if (zombie === undefined) return 0;
  const pid = getTask(k.memory.u32, zombie, "pid");
  k.events?.push({ kind: "task-reaped", pid, parent: getTask(k.memory.u32, parent, "pid") });
  releaseTask(k, zombie);
  return pid;
}

function isDead(k: Kernel, task: Addr): boolean {
  return (getTask(k.memory.u32, task, "state") & (taskStates.zombie | taskStates.dead)) !== 0;
}
