// One array of a TLB: translations of pages, found by page number.
// Theory:     a page number names one set (number mod sets) and can lie in any of its ways, so a look-up compares a handful of entries
//             however large the array. A full set gives up a victim: the least recently used, the one a tree of bits points at
//             (tree-PLRU: each use turns the bits on its path away from itself), the oldest (FIFO), or any (random, from a seed).
// Source:     domain 6.5; Intel IA-32 manual, volume 3, "Translation Lookaside Buffers"
// Simplified: time is a 32-bit counter; when it is full the times are numbered anew in the same order.
//
//     state:  | clock | random state | tree bits of set 0 | set 1 | ...      entries:  | set 0: way 0, way 1, ... | set 1: ... |
//
// Functions take the word view of the memory; entries are named by word index, -1 for none. Nothing here allocates.
import { TLB_GLOBAL, TLB_VALID, type TlbArrayGeometry, tlbEntry, tlbPolicies } from "./tlb-structs";

type Words = Uint32Array;
/** Word index of a `tlb_entry`; -1 for none. */
export type TlbEntryAt = number;

const WORDS = tlbEntry.size >>> 2;
const VPN = tlbEntry.offset.vpn >>> 2;
const VPN_HIGH = tlbEntry.offset.vpn_high >>> 2;
const PFN = tlbEntry.offset.pfn >>> 2;
const FLAGS = tlbEntry.offset.flags >>> 2;
const ASID = tlbEntry.offset.asid >>> 2;
const USED = tlbEntry.offset.used >>> 2;
const STATE_WORDS = 2;
const HIGH = 2 ** 32;
const [LRU, PLRU, FIFO, RANDOM] = [0, 1, 2, 3];

export interface TlbArray {
  readonly geometry: TlbArrayGeometry;
  readonly sets: number;
  readonly ways: number;
  /** Index in `tlbPolicies`. */
  readonly policy: number;
  /** Word index of the state and of the first entry. */
  readonly state: number;
  readonly entries: TlbEntryAt;
}

/** How many words an array of this shape takes. */
export function tlbArrayWords({ entries, ways }: TlbArrayGeometry): number {
  return STATE_WORDS + entries / ways + entries * WORDS;
}

/** An array of this shape from word `at` on. @throws RangeError for a shape that cannot be. */
export function tlbArrayAt(geometry: TlbArrayGeometry, at: number): TlbArray {
  const { entries, ways, policy } = geometry;
  const sets = entries / ways;
  if (!(entries > 0 && ways > 0 && Number.isInteger(sets)))
    throw new RangeError(`a TLB of ${entries} entries cannot have sets of ${ways}`);
  if (policy === "plru" && (ways > 32 || (ways & (ways - 1)) !== 0))
    throw new RangeError(`tree-PLRU needs 1, 2, 4, 8, 16 or 32 ways, not ${ways}`);
  return { geometry, sets, ways, policy: tlbPolicies.indexOf(policy), state: at, entries: at + STATE_WORDS + sets };
}

/** Empties the array and starts its policy anew. */
export function tlbReset(w: Words, a: TlbArray): void {
  w.fill(0, a.state, a.state + tlbArrayWords(a.geometry));
  w[a.state + 1] = a.geometry.seed ?? 1;
}

/** The entry of a page if it is there; counts as a use. Global entries serve every address space. */
export function tlbFind(w: Words, a: TlbArray, vpn: number, asid: number): TlbEntryAt {
  const found = tlbPeek(w, a, vpn, asid);
  if (found >= 0) {
    if (a.policy === LRU) w[found + USED] = tick(w, a);
    else if (a.policy === PLRU) turnTree(w, a, vpn % a.sets, ((found - a.entries) / WORDS) % a.ways);
  }
  return found;
}

/** As `tlbFind`, without counting as a use. */
function tlbPeek(w: Words, a: TlbArray, vpn: number, asid: number): TlbEntryAt {
  const low = vpn >>> 0;
  const high = vpn > 0xffffffff ? Math.floor(vpn / HIGH) : 0;
  const start = a.entries + (vpn % a.sets) * a.ways * WORDS;
  const end = start + a.ways * WORDS;
  for (let entry = start; entry < end; entry += WORDS) {
    if (w[entry + VPN] !== low) continue;
    const flags = w[entry + FLAGS]!;
    if ((flags & TLB_VALID) === 0 || w[entry + VPN_HIGH] !== high) continue;
    if ((flags & TLB_GLOBAL) !== 0 || w[entry + ASID] === asid) return entry;
  }
  return -1;
}

/** Loads a translation that is not there, into an empty way or over a victim. @param flags TLB_* bits without TLB_VALID. */
export function tlbFill(w: Words, a: TlbArray, vpn: number, pfn: number, flags: number, asid: number): TlbEntryAt {
  const set = vpn % a.sets;
  const way = chooseWay(w, a, set);
  const entry = a.entries + (set * a.ways + way) * WORDS;
  w[entry + VPN] = vpn >>> 0;
  w[entry + VPN_HIGH] = vpn > 0xffffffff ? Math.floor(vpn / HIGH) : 0;
  w[entry + PFN] = pfn;
  w[entry + FLAGS] = flags | TLB_VALID;
  w[entry + ASID] = asid;
  w[entry + USED] = tick(w, a);
  if (a.policy === PLRU) turnTree(w, a, set, way);
  return entry;
}

/** Empties the entry of one page, global or not. @returns how many entries went (0 or 1). */
export function tlbInvalidate(w: Words, a: TlbArray, vpn: number, asid: number): number {
  const entry = tlbPeek(w, a, vpn, asid);
  if (entry < 0) return 0;
  w[entry + FLAGS] = 0;
  return 1;
}

/** Empties every entry, or those of one address space that are not global. @returns how many went. */
export function tlbFlush(
  w: Words,
  a: TlbArray,
  which: { readonly keepGlobal: boolean; readonly asid: number | null },
): number {
  let gone = 0;
  const end = a.entries + a.sets * a.ways * WORDS;
  for (let entry = a.entries; entry < end; entry += WORDS) {
    const flags = w[entry + FLAGS]!;
    if ((flags & TLB_VALID) === 0 || (which.keepGlobal && (flags & TLB_GLOBAL) !== 0)) continue;
    if (which.asid !== null && w[entry + ASID] !== which.asid) continue;
    w[entry + FLAGS] = 0;
    gone++;
  }
  return gone;
}

export interface TlbEntryView {
  readonly set: number;
  readonly way: number;
  readonly vpn: number;
  readonly pfn: number;
  readonly flags: number;
  readonly asid: number;
  /** 0 for the most recently used (FIFO: loaded) of its set. */
  readonly age: number;
}

/** The entries in use, set by set. Bounded by the shape, whatever the bytes are. */
export function tlbEntries(w: Words, a: TlbArray): TlbEntryView[] {
  const views: TlbEntryView[] = [];
  for (let set = 0; set < a.sets; set++) {
    const start = a.entries + set * a.ways * WORDS;
    const ways = Array.from({ length: a.ways }, (_, way) => start + way * WORDS).filter(
      (at) => (w[at + FLAGS]! & TLB_VALID) !== 0,
    );
    for (const at of ways)
      views.push({
        set,
        way: (at - start) / WORDS,
        vpn: w[at + VPN_HIGH]! * HIGH + w[at + VPN]!,
        pfn: w[at + PFN]!,
        flags: w[at + FLAGS]!,
        asid: w[at + ASID]!,
        age: ways.filter((other) => w[other + USED]! > w[at + USED]!).length,
      });
  }
  return views;
}

function chooseWay(w: Words, a: TlbArray, set: number): number {
  const start = a.entries + set * a.ways * WORDS;
  let oldest = 0;
  for (let way = 0; way < a.ways; way++) {
    const entry = start + way * WORDS;
    if ((w[entry + FLAGS]! & TLB_VALID) === 0) return way;
    if (w[entry + USED]! < w[start + oldest * WORDS + USED]!) oldest = way;
  }
  if (a.policy === LRU || a.policy === FIFO) return oldest;
  return a.policy === RANDOM ? draw(w, a) % a.ways : followTree(w, a, set);
}

/** Bit n of a set's word is node n of its tree (root 1): 0 points left, 1 right. */
function followTree(w: Words, a: TlbArray, set: number): number {
  const bits = w[a.state + STATE_WORDS + set]!;
  let node = 1;
  while (node < a.ways) node = node * 2 + ((bits >>> node) & 1);
  return node - a.ways;
}

function turnTree(w: Words, a: TlbArray, set: number, way: number): void {
  const at = a.state + STATE_WORDS + set;
  let bits = w[at]!;
  for (let node = (way + a.ways) >>> 1, child = way + a.ways; node >= 1; child = node, node >>>= 1)
    bits = (child & 1) === 0 ? bits | (1 << node) : bits & ~(1 << node);
  w[at] = bits;
}

function tick(w: Words, a: TlbArray): number {
  if (w[a.state] === 0xffffffff) renumber(w, a);
  return ++w[a.state]!;
}

function renumber(w: Words, a: TlbArray): void {
  const entries = Array.from({ length: a.sets * a.ways }, (_, index) => a.entries + index * WORDS);
  entries.sort((one, other) => w[one + USED]! - w[other + USED]!);
  for (const [index, entry] of entries.entries()) w[entry + USED] = index;
  w[a.state] = entries.length;
}

/** xorshift32 */
function draw(w: Words, a: TlbArray): number {
  let x = w[a.state + 1]!;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  w[a.state + 1] = x;
  return x >>> 0;
}
