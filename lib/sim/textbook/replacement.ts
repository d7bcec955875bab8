// Page replacement as textbooks play it: a string of page references, a memory of n frames, and how often a page has to be loaded.
// Theory:     a policy only ever answers "which frame gives way"; everything else (which page is where, what is a fault) is the same for
//             all of them. So a policy is a table entry that makes a Replacer: told of every hit and load, asked for victims.
// Source:     conventions of the course: the memory starts empty, first references are faults, frames are filled in index order;
//             Belady, "A study of replacement algorithms for a virtual-storage computer" (1966); Tanenbaum, "Modern Operating
//             Systems", page replacement algorithms
// Simplified: one process, no prefetch, and a fault costs one load whatever was in the frame.
import { compactPages } from "./references";

/** What a policy keeps. Frames are 0..frames-1, `time` is the index of the reference. */
export interface Replacer {
  hit(frame: number, time: number): void;
  /** The page of reference `time` was put into this frame. */
  load(frame: number, time: number): void;
  /** Which of the (full) frames gives way to reference `time`. */
  victim(time: number): number;
  /** Reference `time` is over: for policies with a clock tick. */
  tick(time: number): void;
}

export interface Workload {
  readonly frames: number;
  /** Page of each reference, renumbered 0..distinct-1 in order of first appearance. */
  readonly pages: Int32Array;
  readonly distinct: number;
  /** 1 where the reference writes. */
  readonly writes: Uint8Array;
  readonly options: PolicyOptions;
}

export interface PolicyOptions {
  /** NRU and aging: a tick after every that many references. Default 4. */
  readonly tickEvery?: number;
  /** Random: uniform numbers in [0, 1), one a call. Default: every call gives 0. */
  readonly draw?: () => number;
  /** Pages (as given) whose reference is a write; index = reference. */
  readonly writes?: ArrayLike<number | boolean>;
}

export type MakeReplacer = (workload: Workload) => Replacer;

export interface Replay {
  readonly faults: number;
  /** 1 for a hit, one a reference. */
  readonly hits: Uint8Array;
  /** Index into `refs` of some reference to the page that gave way, -1 where none did: read the page with `victimPage`. */
  readonly victims: Int32Array;
  /** The page that gave way at that reference, null if none did. */
  victimPage(time: number): number | null;
}

/**
 * Plays the references against a memory of `frames` frames.
 * @throws RangeError if `frames` is not an integer of at least 1.
 */
export function replayReferences(
  make: MakeReplacer,
  refs: ArrayLike<number>,
  frames: number,
  options: PolicyOptions = {},
): Replay {
  if (!Number.isInteger(frames) || frames < 1)
    throw new RangeError(`${frames} frames: an integer of at least 1 is needed`);
  const { pages, distinct, firstAt } = compactPages(refs);
  const writes = new Uint8Array(refs.length);
  if (options.writes) for (let time = 0; time < refs.length; time++) writes[time] = options.writes[time] ? 1 : 0;
  const replacer = make({ frames, pages, distinct, writes, options });
  const frameOf = new Int32Array(distinct).fill(-1);
  const pageIn = new Int32Array(Math.min(frames, distinct));
  const hits = new Uint8Array(refs.length);
  const victims = new Int32Array(refs.length).fill(-1);
  let used = 0;
  let faults = 0;
  for (let time = 0; time < pages.length; time++) {
    const page = pages[time]!;
    let frame = frameOf[page]!;
    if (frame >= 0) {
      hits[time] = 1;
      replacer.hit(frame, time);
    } else {
      faults++;
      if (used < frames) frame = used++;
      else {
        frame = replacer.victim(time);
        const old = pageIn[frame]!;
        frameOf[old] = -1;
        victims[time] = firstAt[old]!;
      }
      pageIn[frame] = page;
      frameOf[page] = frame;
      replacer.load(frame, time);
    }
    replacer.tick(time);
  }
  const victimPage = (time: number) => (victims[time]! < 0 ? null : refs[victims[time]!]!);
  return { faults, hits, victims, victimPage };
}

/** Only the number of faults. @throws RangeError as `replayReferences`. */
export function countFaults(
  make: MakeReplacer,
  refs: ArrayLike<number>,
  frames: number,
  options: PolicyOptions = {},
): number {
  return replayReferences(make, refs, frames, options).faults;
}
