// How long the replacement policies take over a long reference string.
// Theory: a trace with locality (a working set that moves) as programs have one; the fastest of several rounds counts.
import { createRng } from "@/lib/sim/rng";
import { policies } from "@/lib/sim/textbook/policies";
import { countFaults } from "@/lib/sim/textbook/replacement";

export const REFERENCES = 200_000;
const FRAMES = 64;
const PAGES = 1024;
const WORKING_SET = 48;
const ROUNDS = 7;

export type PolicySpeed = Readonly<Record<"LRU" | "Clock" | "OPT", number>>;

/** Milliseconds for one replay of the trace. */
export function benchPolicies(): PolicySpeed {
  const refs = trace();
  const best = (name: keyof PolicySpeed) => {
    let ms = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      countFaults(policies[name], refs, FRAMES);
      ms = Math.min(ms, performance.now() - start);
    }
    return ms;
  };
  return { LRU: best("LRU"), Clock: best("Clock"), OPT: best("OPT") };
}

function trace(): Int32Array {
  const rng = createRng(1966);
  const refs = new Int32Array(REFERENCES);
  let start = 0;
  for (let time = 0; time < REFERENCES; time++) {
    if (time % 2000 === 0) start = rng.below(PAGES);
    refs[time] = rng.chance(90) ? (start + rng.below(WORKING_SET)) % PAGES : rng.below(PAGES);
  }
  return refs;
}
