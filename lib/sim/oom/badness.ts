// How bad a task is: whom to kill when memory is out.
// Theory:     lose as little work as possible and win much memory: size counts for a task, long run time and much CPU time against
//             killing it (their square and fourth roots, so that years do not make a task immortal), root and raw I/O against it,
//             being nice for it. The administrator may shift the result.
// Source:     Linux 2.6.11 mm/oom_kill.c (badness, select_bad_process); 2.6.18 the same names; Gorman 13.3
// Simplified: 2.6.18's rule for tasks of other cpusets needs NUMA nodes.
import { HZ } from "../constants";
import { intSqrt } from "../int-sqrt";

/** What badness looks at. */
export interface BadnessTask {
  /** Pages of the address space, null for a task without one. */
  readonly totalVm: number | null;
  /** total_vm of each direct child: null without an address space, "shared" with the parent's own. */
  readonly children: readonly (number | null | "shared")[];
  /** Jiffies. */
  readonly utime: number;
  readonly stime: number;
  /** Seconds since boot. */
  readonly startTime: number;
  readonly nice: number;
  readonly uid: number;
  readonly euid: number;
  readonly capSysAdmin: boolean;
  readonly capSysRawio: boolean;
  readonly oomkilladj: number;
  /** PF_SWAPOFF: the task is bringing a swap area back. */
  readonly swapoff?: boolean;
}

export type BadnessProfile = "2.6.11" | "2.6.18";

/** oom_adj of a task that 2.6.18 never kills. */
const OOM_DISABLE = -17;

/** SHIFT_HZ: log2 of HZ to the nearest, for HZ from 12 to 1535. */
function shiftHz(hz: number): number {
  return Math.floor(Math.log2((hz * 4) / 3));
}

/** Points of a task at `uptime` seconds since boot; all arithmetic is that of unsigned 32-bit integers. 0 without an address space. */
export function badness(
  task: BadnessTask,
  uptime: number,
  hz: number = HZ,
  profile: BadnessProfile = "2.6.11",
): number {
  if (task.totalVm === null) return 0;
  if (profile === "2.6.18" && task.swapoff) return 0xffffffff;
  let points = task.totalVm;
  for (const child of task.children) {
    if (typeof child === "number") points += profile === "2.6.11" ? child : Math.floor(child / 2) + 1;
  }
  points >>>= 0;
  const cpuTime = ((task.utime + task.stime) >>> 0) >>> (shiftHz(hz) + 3);
  const runTime = uptime >= task.startTime ? (uptime - task.startTime) >>> 10 : 0;
  const byCpu = intSqrt(cpuTime);
  if (byCpu > 0) points = Math.floor(points / byCpu);
  const byAge = intSqrt(intSqrt(runTime));
  if (byAge > 0) points = Math.floor(points / byAge);
  if (task.nice > 0) points = (points * 2) >>> 0;
  if (task.capSysAdmin || task.uid === 0 || task.euid === 0) points >>>= 2;
  if (task.capSysRawio) points >>>= 2;
  return task.oomkilladj > 0 ? (points << task.oomkilladj) >>> 0 : points >>> -task.oomkilladj;
}

export interface Candidate extends BadnessTask {
  readonly pid: number;
  /** Marked for death, or exiting, and not yet dead. */
  readonly dying: boolean;
}

/** `wait`: somebody is dying already. `panic`: nobody but init is left. */
export type Choice =
  | { readonly pid: number; readonly points: number; readonly why: "points" | "swapoff" }
  | "wait"
  | "panic";

/**
 * Goes through all tasks in the order of the list; the first of several with the most points is chosen.
 * @param seen is told the points of each task that was looked at.
 */
export function selectVictim(
  tasks: readonly Candidate[],
  uptime: number,
  profile: BadnessProfile = "2.6.11",
  hz: number = HZ,
  seen: (pid: number, points: number) => void = () => {},
): Choice {
  let chosen: { pid: number; points: number } | null = null;
  for (const task of tasks) {
    if (task.pid <= 1 || (profile === "2.6.18" && task.oomkilladj === OOM_DISABLE)) continue;
    if (task.dying) return "wait";
    if (task.swapoff && profile === "2.6.11") return { pid: task.pid, points: 0, why: "swapoff" };
    const points = badness(task, uptime, hz, profile);
    seen(task.pid, points);
    if (chosen === null || points > chosen.points) chosen = { pid: task.pid, points };
  }
  return chosen === null ? "panic" : { ...chosen, why: "points" };
}
