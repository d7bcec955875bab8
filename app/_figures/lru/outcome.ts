// What a scan decided about one page, as a word.
import type { SimEvent } from "@/lib/sim/events";

export type ScanEvent = Extract<SimEvent, { kind: "refill-page" | "shrink-page" }>;
export type Outcome = "rotate" | "deactivate" | "reclaim" | "activate" | "writeback" | "keep";

/** The last decision among these events. */
export function decided(events: readonly SimEvent[]): ScanEvent | undefined {
  return events.findLast((event): event is ScanEvent => event.kind === "refill-page" || event.kind === "shrink-page");
}

export function outcomeOf(event: ScanEvent): Outcome {
  if (event.kind === "refill-page") return event.to === "active" ? "rotate" : "deactivate";
  if (event.verdict === "free") return "reclaim";
  if (event.verdict === "activate") return "activate";
  return event.why === "write-started" ? "writeback" : "keep";
}
