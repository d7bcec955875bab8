// The replacement program of the OSTEP homework, with its own conventions.
// Theory:     the memory is one list of pages. FIFO: first in at the left. LRU and MRU: a hit moves the page to the right end. The others
//             append on the right and never reorder. Random numbers are given, so that a run can be repeated.
// Source:     R. and A. Arpaci-Dusseau, "Operating Systems: Three Easy Pieces", Beyond Physical Memory: Policies, and its homework
//             program paging-policy.py (described, not copied)
// Simplified: nothing; note that its CLOCK is a random probe with use counters, not a hand going round (policies.ts has that one).

export interface OstepState {
  /** Left to right. */
  readonly memory: readonly number[];
  readonly refs: readonly number[];
  /** Index of the reference that needs room. */
  readonly time: number;
  /** Use counters of CLOCK. */
  readonly uses: Map<number, number>;
  draw(): number;
}

/** @returns the index in `memory` of the page that gives way. */
type Choose = (state: OstepState) => number;

export interface OstepPolicy {
  readonly reorders: "on hit" | "never";
  readonly victim: Choose;
}

function distance({ refs, time }: OstepState, page: number): number {
  const next = refs.indexOf(page, time + 1);
  return next === -1 ? refs.length : next;
}

export const ostepPolicies = {
  FIFO: { reorders: "never", victim: () => 0 },
  LRU: { reorders: "on hit", victim: () => 0 },
  MRU: { reorders: "on hit", victim: ({ memory }) => memory.length - 1 },
  /** Farthest next use, the rightmost among equals. */
  OPT: {
    reorders: "never",
    victim: (state) => {
      const uses = state.memory.map((page) => distance(state, page));
      return uses.lastIndexOf(Math.max(...uses));
    },
  },
  /** Nearest next use, the leftmost among equals. */
  UNOPT: {
    reorders: "never",
    victim: (state) => {
      const uses = state.memory.map((page) => distance(state, page));
      return uses.indexOf(Math.min(...uses));
    },
  },
  RAND: { reorders: "never", victim: ({ memory, draw }) => Math.floor(draw() * memory.length) },
  CLOCK: {
    reorders: "never",
    victim: ({ memory, uses, draw }) => {
      for (;;) {
        const index = Math.floor(draw() * memory.length);
        const count = uses.get(memory[index]!) ?? 0;
        if (count < 1) return index;
        uses.set(memory[index]!, count - 1);
      }
    },
  },
} as const satisfies Readonly<Record<string, OstepPolicy>>;

export interface OstepStep {
  readonly hit: boolean;
  readonly victim: number | null;
  /** After the access, left to right. */
  readonly memory: readonly number[];
}

/**
 * @param draws the uniform numbers that RAND and CLOCK consume, in order; @param clockBits the cap of CLOCK's counters.
 * @throws RangeError when the draws are used up.
 */
export function replayOstep(
  policy: OstepPolicy,
  refs: readonly number[],
  frames: number,
  { draws, clockBits }: { readonly draws: readonly number[]; readonly clockBits: number },
): OstepStep[] {
  const memory: number[] = [];
  const uses = new Map<number, number>();
  let drawn = 0;
  const draw = () => {
    const number = draws[drawn++];
    if (number === undefined) throw new RangeError(`random number ${drawn} is needed, only ${draws.length} are given`);
    return number;
  };
  return refs.map((page, time) => {
    const at = memory.indexOf(page);
    let victim: number | null = null;
    if (at !== -1) {
      uses.set(page, Math.min((uses.get(page) ?? 0) + 1, clockBits));
      if (policy.reorders === "on hit") memory.push(...memory.splice(at, 1));
    } else {
      if (memory.length === frames)
        victim = memory.splice(policy.victim({ memory, refs, time, uses, draw }), 1)[0] ?? null;
      memory.push(page);
      uses.set(page, 1);
    }
    return { hit: at !== -1, victim, memory: [...memory] };
  });
}
