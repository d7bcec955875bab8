// An ear that lets only some events pass.
// Theory: one operation of a large machine is thousands of events. What a scene does not tell need not be kept.
import type { SimEvent } from "@/lib/sim/events";

/** An array that appends to `events` only those that `isHeard` wants, and keeps nothing itself. */
export function hearOnly(events: SimEvent[], isHeard: (event: SimEvent) => boolean): SimEvent[] {
  const ear: SimEvent[] = [];
  // The simulator appends with push and never reads.
  ear.push = (...all) => {
    for (const event of all) if (isHeard(event)) events.push(event);
    return 0;
  };
  return ear;
}
