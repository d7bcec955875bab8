// Which of a machine's events its scene tells, and which of them end a step.
// Theory: one touch of a hundred pages is thousands of events. The parts' own scenes show each; here only what adds up is kept, so that
//         a session of a hundred operations stays small, and a step ends only where something large happens.
import type { SimEvent } from "@/lib/sim/events";
import { hearOnly } from "./hear";

const counted: ReadonlySet<SimEvent["kind"]> = new Set<SimEvent["kind"]>([
  "fault-handled",
  "io-read",
  "io-write",
  "swap-read",
  "swap-write",
  "slab-grow",
  "slab-destroy",
]);
const told: ReadonlySet<SimEvent["kind"]> = new Set<SimEvent["kind"]>([
  "kswapd-sleep",
  "all-unreclaimable",
  "direct-reclaim-done",
  "alloc-fail",
  "call-oom",
  "oom-chosen",
  "oom-kill",
  "oom-wait",
  "task-exit",
  "signal",
  "throttle",
  "swap-on",
  "swap-off",
  "swap-refused",
  "limit-reached",
]);

function isHeard(event: SimEvent): boolean {
  switch (event.kind) {
    case "kswapd-wake":
      return event.slept;
    case "shrink-page":
      return event.verdict === "free";
    case "commit":
      return event.errno !== 0;
    case "pdflush":
      return event.pages > 0;
    default:
      return counted.has(event.kind) || told.has(event.kind);
  }
}

/** What the scene tells, appended to `events`. Once kswapd ran in vain, its further attempts say nothing new until one succeeds. */
export function heardByMachine(events: SimEvent[]): SimEvent[] {
  let vain = false;
  return hearOnly(events, (event) => {
    if (event.kind === "kswapd-wake" && vain) return false;
    if (event.kind === "kswapd-sleep") {
      const again = vain && event.reclaimed === 0;
      vain = event.reclaimed === 0;
      if (again) return false;
    }
    return isHeard(event);
  });
}

export function endsMachineMoment(event: SimEvent): boolean {
  switch (event.kind) {
    case "kswapd-wake":
    case "kswapd-sleep":
    case "direct-reclaim-done":
    case "oom-kill":
    case "task-exit":
      return true;
    default:
      return false;
  }
}
