// The replacement policies of the textbooks, as a table of names.
// Theory:     FIFO and Clock keep an order of loading, LRU and MRU one of use, OPT knows the future, NRU, aging and LFU keep small
//             numbers a frame and search for the least. State is one typed array entry a frame, so a long trace makes no garbage.
// Source:     conventions of the course for ties and ticks (Tanenbaum's names); Belady (1966) for OPT
// Simplified: the hand of Clock starts at frame 0; ticks come every so many references instead of from a timer.
import { optimal, worst } from "./optimal";
import { leastRecent, mostRecent } from "./recency";
import type { MakeReplacer, Workload } from "./replacement";

const nothing = () => {};

/** Evicts the page that was loaded first. */
const fifo: MakeReplacer = ({ frames }) => {
  let next = 0;
  return {
    hit: nothing,
    load: nothing,
    victim: () => {
      const frame = next;
      next = next + 1 === frames ? 0 : next + 1;
      return frame;
    },
    tick: nothing,
  };
};

/** A hand goes round; a frame used since it last came by is spared once. */
function clock(bitOnLoad: 0 | 1): MakeReplacer {
  return ({ frames }) => {
    const referenced = new Uint8Array(frames);
    let hand = 0;
    const advance = () => {
      hand = hand + 1 === frames ? 0 : hand + 1;
    };
    return {
      hit: (frame) => {
        referenced[frame] = 1;
      },
      load: (frame) => {
        referenced[frame] = bitOnLoad;
      },
      victim: () => {
        while (referenced[hand] === 1) {
          referenced[hand] = 0;
          advance();
        }
        const frame = hand;
        advance();
        return frame;
      },
      tick: nothing,
    };
  };
}

/** Four classes by referenced and modified; the lowest class, then the lowest frame. */
const nru: MakeReplacer = ({ frames, writes, options }) => {
  const every = options.tickEvery ?? 4;
  const referenced = new Uint8Array(frames);
  const modified = new Uint8Array(frames);
  return {
    hit: (frame, time) => {
      referenced[frame] = 1;
      modified[frame]! |= writes[time]!;
    },
    load: (frame, time) => {
      referenced[frame] = 1;
      modified[frame] = writes[time]!;
    },
    victim: () => least(frames, (frame) => 2 * referenced[frame]! + modified[frame]!),
    tick: (time) => {
      if ((time + 1) % every === 0) referenced.fill(0);
    },
  };
};

/** An 8-bit counter that halves at each tick and takes the reference bit at its top: LRU in coarse steps. */
const aging: MakeReplacer = ({ frames, options }) => {
  const every = options.tickEvery ?? 4;
  const counter = new Uint8Array(frames);
  const referenced = new Uint8Array(frames);
  return {
    hit: (frame) => {
      referenced[frame] = 1;
    },
    load: (frame) => {
      counter[frame] = 0;
      referenced[frame] = 1;
    },
    victim: () => least(frames, (frame) => 2 * counter[frame]! + referenced[frame]!),
    tick: (time) => {
      if ((time + 1) % every !== 0) return;
      for (let frame = 0; frame < frames; frame++) counter[frame] = (counter[frame]! >>> 1) + 128 * referenced[frame]!;
      referenced.fill(0);
    },
  };
};

/** The page used least often since it was loaded; among equals the least recently used. */
const lfu: MakeReplacer = ({ frames }) => {
  const count = new Float64Array(frames);
  const used = new Float64Array(frames);
  return {
    hit: (frame, time) => {
      count[frame]! += 1;
      used[frame] = time;
    },
    load: (frame, time) => {
      count[frame] = 1;
      used[frame] = time;
    },
    victim: () => {
      let best = 0;
      for (let frame = 1; frame < frames; frame++) {
        const fewer = count[frame]! < count[best]!;
        if (fewer || (count[frame] === count[best] && used[frame]! < used[best]!)) best = frame;
      }
      return best;
    },
    tick: nothing,
  };
};

/** Any frame, by `options.draw`. */
const random: MakeReplacer = ({ frames, options }: Workload) => ({
  hit: nothing,
  load: nothing,
  victim: () => Math.floor((options.draw?.() ?? 0) * frames),
  tick: nothing,
});

/** The first frame with the smallest value. */
function least(frames: number, value: (frame: number) => number): number {
  let best = 0;
  for (let frame = 1; frame < frames; frame++) if (value(frame) < value(best)) best = frame;
  return best;
}

export const policies = {
  FIFO: fifo,
  LRU: leastRecent,
  MRU: mostRecent,
  /** Farthest next use; among pages never used again the one loaded first. */
  OPT: optimal,
  /** Nearest next use: as bad as a policy can be. */
  UNOPT: worst,
  /** The usual clock: a page comes in with its reference bit set, because the faulting access is done again. */
  Clock: clock(1),
  /** Second chance as caches do it: a page comes in unreferenced. */
  Clock0: clock(0),
  NRU: nru,
  Aging: aging,
  LFU: lfu,
  Random: random,
} as const satisfies Readonly<Record<string, MakeReplacer>>;
export type PolicyName = keyof typeof policies;
