// Policies that know the future: OPT evicts the page whose next use is farthest away, UNOPT the one whose next use is nearest.
// Theory: a binary heap of frames ordered by next use. A reference only changes its own frame's key, so it costs O(log frames).
//         Next uses are all different except "never", where the page loaded first comes first.
// Source: L. Belady, "A study of replacement algorithms for a virtual-storage computer", 1966 (MIN)
import { nextUses } from "./references";
import type { MakeReplacer, Replacer, Workload } from "./replacement";

export const optimal: MakeReplacer = (workload) => byNextUse(workload, 1);
export const worst: MakeReplacer = (workload) => byNextUse(workload, -1);

/** @param sign 1: the farthest next use on top of the heap; -1: the nearest. */
function byNextUse({ frames, pages, distinct }: Workload, sign: 1 | -1): Replacer {
  const next = nextUses(pages, distinct);
  const key = new Int32Array(frames);
  const loaded = new Int32Array(frames);
  const heap = new Int32Array(frames);
  const place = new Int32Array(frames).fill(-1);
  let size = 0;

  const above = (a: number, b: number) => {
    const difference = (key[a]! - key[b]!) * sign;
    return difference > 0 || (difference === 0 && loaded[a]! < loaded[b]!);
  };
  const put = (frame: number, at: number) => {
    heap[at] = frame;
    place[frame] = at;
  };
  const settle = (frame: number) => {
    let at = place[frame]!;
    while (at > 0 && above(frame, heap[(at - 1) >>> 1]!)) {
      put(heap[(at - 1) >>> 1]!, at);
      at = (at - 1) >>> 1;
    }
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < size && above(heap[child + 1]!, heap[child]!)) child++;
      if (child >= size || !above(heap[child]!, frame)) break;
      put(heap[child]!, at);
      at = child;
    }
    put(frame, at);
  };

  return {
    hit: (frame, time) => {
      key[frame] = next[time]!;
      settle(frame);
    },
    load: (frame, time) => {
      if (place[frame] === -1) put(frame, size++);
      key[frame] = next[time]!;
      loaded[frame] = time;
      settle(frame);
    },
    victim: () => heap[0]!,
    tick: () => {},
  };
}
