// What runs by itself between two operations: the kernel's daemons and timers, and the end of those who were killed.
// Source:     Linux 2.6.11 mm/vmscan.c (kswapd), mm/pdflush.c, mm/page-writeback.c (wb_timer_fn), mm/slab.c (cache_reap timer),
//             kernel/signal.c (a task with SIGKILL ends before it returns to its program)
// Simplified: daemons run to their end as soon as an operation is over, in this order.
import { finishWrites, writesUnderWay } from "../cache/block-io";
import { runPdflush, wbTimer } from "../cache/page-writeback";
import { doExit } from "../fault/exit";
import { getTask, taskList, taskStates } from "../fault/task";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { reclaimVar } from "../reclaim/reclaim-data";
import { runKswapd } from "../reclaim/vmscan";
import { SIGKILL } from "../signal";
import { slabTimer } from "../slab/reap";
import { TIF_MEMDIE } from "../task-flags";

const JIFFIES = kernelData.offset.jiffies;
const TIMER_MS = 500;

/** After every operation: the killed exit, kswapd and pdflush do what they were woken for. */
export function settle(k: Kernel): void {
  reapKilled(k);
  runKswapd(k);
  runPdflush(k);
  reapKilled(k);
}

/** might_sleep of a request for pages: kswapd, which is more urgent than any program, runs first. Not for kswapd's own requests. */
export function letKswapdRun(k: Kernel): void {
  if (k.memory.u32[reclaimVar(k, "kswapd_runs") >>> 2] === 0) runKswapd(k);
}

/** Time passes, in steps small enough that no timer is missed. */
export function passTime(k: Kernel, ms: number): void {
  for (let left = ms; left > 0; left -= TIMER_MS) {
    k.memory.u32[(k.data + JIFFIES) >>> 2]! += Math.min(left, TIMER_MS);
    if (writesUnderWay(k) > 0) finishWrites(k, writesUnderWay(k));
    slabTimer(k);
    wbTimer(k);
    settle(k);
  }
}

/** A task that was chosen by the OOM killer in its own request dies when that returns. */
function reapKilled(k: Kernel): void {
  for (const task of taskList(k)) {
    const w = k.memory.u32;
    const dead = (getTask(w, task, "state") & (taskStates.zombie | taskStates.dead)) !== 0;
    if (!dead && (getTask(w, task, "thread_flags") & TIF_MEMDIE) !== 0) doExit(k, task, SIGKILL);
  }
}
