// How far an access has come in one moment: what of the ladder is to be seen.
import type { Moment } from "@/lib/scenarios/run";
import type { WalkState } from "@/lib/scenarios/walk-types";
import type { SimEvent } from "@/lib/sim/events";

export type AccessEvent = Extract<
  SimEvent,
  { kind: "tlb-miss" | "walk-level" | "page-walk" | "tlb-fill" | "tlb-hit" | "mmu-fault" }
>;

export interface Progress {
  /** What this moment is about; null: the tables as they are, no access under way. */
  readonly event: AccessEvent | null;
  /** Levels whose entry has been read. */
  readonly walked: number;
  /** The TLB had the answer (or the refusal): nobody looks at the tables. */
  readonly needless: boolean;
  /** Where the access or the address ends: physical address, error code, or not known yet. */
  readonly end:
    | { readonly kind: "paddr"; readonly paddr: number }
    | { readonly kind: "fault"; readonly error: number }
    | null;
}

const kinds: ReadonlySet<string> = new Set(["tlb-miss", "walk-level", "page-walk", "tlb-fill", "tlb-hit", "mmu-fault"]);

function isAccess(event: SimEvent): event is AccessEvent {
  return kinds.has(event.kind);
}

export function progressOf({ events, state }: Moment<WalkState>): Progress {
  const event = events.findLast(isAccess) ?? null;
  const reached = state.levels.filter(({ leads }) => leads !== "nowhere").length;
  switch (event?.kind) {
    case "tlb-miss":
      return { event, walked: 0, needless: false, end: null };
    case "walk-level":
      return { event, walked: event.depth + 1, needless: false, end: null };
    case "tlb-hit":
      return { event, walked: 0, needless: true, end: { kind: "paddr", paddr: event.paddr } };
    case "mmu-fault":
      return {
        event,
        walked: event.from === "tlb" ? 0 : reached,
        needless: event.from === "tlb",
        end: { kind: "fault", error: event.error },
      };
    default: {
      const paddr = paddrOf(state);
      return { event, walked: reached, needless: false, end: paddr === null ? null : { kind: "paddr", paddr } };
    }
  }
}

/** Where the tables send the address now. */
export function paddrOf({ levels, focus, pageShift }: WalkState): number | null {
  const leaf = levels.find(({ leads }) => leads === "page" || leads === "large");
  const row = leaf?.rows[2];
  if (!leaf || !row || pageShift === null) return null;
  const size = 2 ** pageShift;
  const base = (row.high & 0xff) * 2 ** 32 + ((row.low & 0xfffff000) >>> 0);
  return Math.floor(base / size) * size + (focus.address % size);
}
