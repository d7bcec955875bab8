// Policies by order of use: LRU evicts the least, MRU the most recently used page.
// Theory: a circular doubly linked list of frames with an anchor, the most recently used frame first; a reference moves its frame to
//         the front, in constant time.
import type { MakeReplacer, Replacer } from "./replacement";

export const leastRecent: MakeReplacer = ({ frames }) => byRecency(frames, "oldest");
export const mostRecent: MakeReplacer = ({ frames }) => byRecency(frames, "newest");

function byRecency(frames: number, evicts: "oldest" | "newest"): Replacer {
  // Entry `frames` is the anchor.
  const next = new Int32Array(frames + 1).fill(frames);
  const prev = new Int32Array(frames + 1).fill(frames);
  const linked = new Uint8Array(frames);
  const use = (frame: number) => {
    if (next[frames] === frame) return;
    if (linked[frame] === 1) {
      next[prev[frame]!] = next[frame]!;
      prev[next[frame]!] = prev[frame]!;
    }
    linked[frame] = 1;
    const first = next[frames]!;
    next[frame] = first;
    prev[frame] = frames;
    prev[first] = frame;
    next[frames] = frame;
  };
  return {
    hit: use,
    load: use,
    victim: evicts === "oldest" ? () => prev[frames]! : () => next[frames]!,
    tick: () => {},
  };
}
