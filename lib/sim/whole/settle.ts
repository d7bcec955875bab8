// What runs by itself between two operations: the kernel's daemons and timers, and the end of those who were killed.
// Source:     Linux 2.6.11 mm/vmscan.c (kswapd), mm/pdflush.c, mm/page-writeback.c (wb_timer_fn), mm/slab.c (cache_reap timer),
//             kernel/signal.c (a task with SIGKILL ends before it returns to its program)
// Simplified: daemons run to their end as soon as an operation is over, in this order.
import { finishWrites, writesUnderWay } from "../cache/block-io";
import { runPdflush, wbTimer } from "../cache/page-writeback";
import { deliverKill } from "../fault/exit";
import { taskList } from "../fault/task";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { runKswapd } from "../reclaim/vmscan";
import { slabTimer } from "../slab/reap";

const JIFFIES = kernelData.offset.jiffies;
const TIMER_MS = 500;

/** After every operation: the killed exit, kswapd and pdflush do what they were woken for. */
export function settle(k: Kernel): void {
  reapKilled(k);
  runKswapd(k);
  runPdflush(k);
  reapKilled(k);
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
  for (const task of taskList(k)) deliverKill(k, task);
}
