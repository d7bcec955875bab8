// The OOM killer: the last way to get memory back.
// Theory:     when reclaim makes no progress and no zone is above its mark, one task is sacrificed: a child of the worst one if it has a
//             child with an address space of its own, else the worst one, together with everybody who shares that address space. The
//             victim may use the last pages, so that it can exit.
// Source:     Linux 2.6.11 mm/oom_kill.c (out_of_memory, oom_kill_process, oom_kill_task, __oom_kill_task); Gorman 13.4
// Simplified: the kernel sends SIGKILL and sleeps a tick, in which the victim gets the CPU and exits; here it exits at once through
//             `ops.killTask`, unless it is the task that asked for memory: that one dies when its system call or fault returns. With
//             nobody left to kill the kernel panics, or tries for ever if all that is left are kernel threads: both are a BUG here.
import { CAP_SYS_ADMIN, CAP_SYS_RAWIO } from "../capabilities";
import { HZ } from "../constants";
import { current, uptime } from "../current";
import { childrenOf, getTask, setTask, taskList, taskStates } from "../fault/task";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { getMm } from "../mm/vma";
import { SIGKILL } from "../signal";
import { PF_DEAD, PF_EXITING, PF_SWAPOFF, TIF_MEMDIE, TIF_SIGPENDING } from "../task-flags";
import { badness, type Candidate, selectVictim } from "./badness";
import { oomData } from "./structs";

const KILLED = kernelData.offset.oom + oomData.offset.killed;

/** What the killer knows of a task. */
export function candidateOf(k: Kernel, task: Addr): Candidate {
  const w = k.memory.u32;
  const get = (field: Parameters<typeof getTask>[2]) => getTask(w, task, field);
  const mm = get("mm");
  const flags = get("flags");
  const dead = (flags & PF_DEAD) !== 0 || (get("state") & (taskStates.zombie | taskStates.dead)) !== 0;
  const children = childrenOf(k, task).map((child) => {
    const own = getTask(w, child, "mm");
    return own === 0 ? null : own === mm ? "shared" : getMm(w, own, "total_vm");
  });
  const caps = get("cap_effective");
  return {
    pid: get("pid"),
    dying: !dead && ((get("thread_flags") & TIF_MEMDIE) !== 0 || (flags & PF_EXITING) !== 0),
    swapoff: (flags & PF_SWAPOFF) !== 0,
    totalVm: mm === 0 ? null : getMm(w, mm, "total_vm"),
    children,
    utime: get("utime"),
    stime: get("stime"),
    startTime: get("start_time"),
    nice: get("nice") | 0,
    uid: get("uid"),
    euid: get("euid"),
    capSysAdmin: ((caps >>> CAP_SYS_ADMIN) & 1) === 1,
    capSysRawio: ((caps >>> CAP_SYS_RAWIO) & 1) === 1,
    oomkilladj: get("oomkilladj") | 0,
  };
}

/** Points of a task now. */
export function taskBadness(k: Kernel, task: Addr): number {
  return badness(candidateOf(k, task), uptime(k), HZ, k.config.profile);
}

/**
 * Kills a task to get memory, or waits for one that is dying.
 * @throws KernelBug `oom-no-victim`.
 */
export function outOfMemory(k: Kernel, gfp: number): void {
  if (k.events !== null) k.events.push({ kind: "oom", gfp });
  const tasks = taskList(k);
  const candidates = tasks.map((task) => candidateOf(k, task));
  const choice = selectVictim(candidates, uptime(k), k.config.profile, HZ, (pid, points) => {
    if (k.events !== null) k.events.push({ kind: "oom-points", pid, points });
  });
  if (choice === "panic") throw new KernelBug("oom-no-victim", { tasks: tasks.length });
  if (choice === "wait") {
    const dying = candidates.findIndex((task) => task.pid > 1 && task.dying);
    if (k.events !== null) k.events.push({ kind: "oom-wait", pid: candidates[dying]!.pid });
  } else {
    if (k.events !== null) k.events.push({ kind: "oom-chosen", ...choice });
    const chosen = tasks[candidates.findIndex((task) => task.pid === choice.pid)]!;
    if (!oomKillProcess(k, chosen, tasks)) throw new KernelBug("oom-no-victim", { tasks: tasks.length });
  }
  letDie(k, tasks);
}

/** @returns false if neither the task nor a child has an address space to win. */
function oomKillProcess(k: Kernel, task: Addr, tasks: readonly Addr[]): boolean {
  const w = k.memory.u32;
  const mm = getTask(w, task, "mm");
  for (const child of childrenOf(k, task)) {
    if (getTask(w, child, "mm") !== mm && oomKillTask(k, child, tasks, "child")) return true;
  }
  return oomKillTask(k, task, tasks, "chosen");
}

function oomKillTask(k: Kernel, task: Addr, tasks: readonly Addr[], why: "child" | "chosen"): boolean {
  const w = k.memory.u32;
  const mm = getTask(w, task, "mm");
  if (mm === 0) return false;
  mark(k, task, why);
  for (const other of tasks) {
    if (getTask(w, other, "mm") === mm && getTask(w, other, "tgid") !== getTask(w, task, "tgid"))
      mark(k, other, "shares-mm");
  }
  return true;
}

/** SIGKILL, and the right to the last pages. init is spared. */
function mark(k: Kernel, task: Addr, why: "child" | "chosen" | "shares-mm"): void {
  const w = k.memory.u32;
  const pid = getTask(w, task, "pid");
  if (pid === 1) return;
  setTask(w, task, "thread_flags", getTask(w, task, "thread_flags") | TIF_MEMDIE | TIF_SIGPENDING);
  w[(k.data + KILLED) >>> 2]! += 1;
  if (k.events !== null) k.events.push({ kind: "oom-kill", pid, why });
}

/** schedule_timeout(1): whoever is marked gets the CPU and exits, except the running task itself. */
function letDie(k: Kernel, tasks: readonly Addr[]): void {
  const running = current(k);
  for (const task of tasks) {
    const marked = (getTask(k.memory.u32, task, "thread_flags") & TIF_MEMDIE) !== 0;
    if (marked && task !== running && candidateOf(k, task).dying) k.ops.killTask(k, task, SIGKILL);
  }
}
