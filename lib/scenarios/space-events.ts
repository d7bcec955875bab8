// Which of a machine's events the address space scene keeps, and which of them end a step.
// Theory: one write is some allocations, list moves and TLB fills as well. Their own scenes show those; keeping them here would make a
//         session large and say nothing about areas.
import type { SimEvent } from "@/lib/sim/events";
import { hearOnly } from "./hear";

type Kind = SimEvent["kind"];

/** There is something new to look at. */
const steps: ReadonlySet<Kind> = new Set<Kind>([
  "gap-refused",
  "place-chosen",
  "place-refused",
  "area-cache",
  "vma-merge",
  "vma-split",
  "vma-insert",
  "vma-flags",
  "vma-grow",
  "zap",
  "limit-reached",
  "fault-handled",
  "signal",
]);
/** Told within a step. */
const told: ReadonlySet<Kind> = new Set<Kind>(["vma-remove", "move-ptes", "page-fault", "fork-area"]);

export function endsSpaceMoment(event: SimEvent): boolean {
  // That the cache moved to the place that was found is told with the place.
  return event.kind === "area-cache" ? event.reason !== "found" : steps.has(event.kind);
}

function isHeard(event: SimEvent): boolean {
  // A promise is worth a word when it is refused.
  if (event.kind === "commit") return event.errno !== 0;
  return steps.has(event.kind) || told.has(event.kind);
}

/** What this scene keeps, appended to `events`. */
export function heardBySpace(events: SimEvent[]): SimEvent[] {
  return hearOnly(events, isHeard);
}
