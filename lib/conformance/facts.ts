// papers/facts.json: numbers that papers, books and kernel comments print, wherever our models can work them out.
// Source: oracles/README.md section 9. A fact is recognised by its place and by the names of its numbers.
import { createKernel } from "@/lib/sim/create-kernel";
import { cacheGrow } from "@/lib/sim/slab/alloc";
import { kmemCacheCreate } from "@/lib/sim/slab/create";
import { SLAB_HWCACHE_ALIGN } from "@/lib/sim/slab/flags";
import { cacheAlign, cacheEstimate, cacheGeometry, colourOffsets } from "@/lib/sim/slab/geometry";
import { kmallocSizes } from "@/lib/sim/slab/kmalloc";
import { observeSlab } from "@/lib/sim/slab/observe-slab";
import {
  bonwickSlab,
  cut,
  internalFragmentation,
  SLAB_DATA_BYTES,
  usableCachePercent,
  WASTE_PART,
} from "@/lib/sim/textbook/bonwick";
import { WORKING_SET_SECONDS } from "@/lib/sim/textbook/bonwick-cache";
import { cpucache24, descriptor24, REAP_SCANLEN } from "@/lib/sim/textbook/slab-2.4";
import { GFP_KERNEL } from "@/lib/sim/zones/gfp";
import { defaultMinFreeKbytes, lowmemReserve } from "@/lib/sim/zones/watermarks";
import {
  BadData,
  type CaseOutcome,
  type Difference,
  integer,
  integers,
  type Json,
  list,
  record,
  sameJson,
  text,
} from "./data-set";

type Numbers = { [key: string]: Json };
type Check = (data: Json, where: string) => Difference | null;

interface Rule {
  /** Start of the fact's source and its place in it. */
  readonly source: string;
  readonly where: string;
  /** A name that its numbers must hold, where one place has several facts. */
  readonly key?: string;
  readonly check: Check;
}

const page = 4096;

const rules: readonly Rule[] = [
  { source: "J. Bonwick", where: "3.2 (4)", key: "objects_per_slab", check: fourHundredBytes },
  { source: "J. Bonwick", where: "3.2 (4)", key: "limit_percent", check: wasteLimit },
  { source: "J. Bonwick", where: "3.2.2", check: smallThreshold },
  { source: "J. Bonwick", where: "3.3/3.4", check: only("working_set_seconds", WORKING_SET_SECONDS) },
  { source: "J. Bonwick", where: "4.1", check: hotBytes },
  { source: "J. Bonwick", where: "4.3", key: "sequence", check: colourSequence },
  { source: "J. Bonwick", where: "4.3", key: "in_4064", check: perfectFit },
  { source: "M. Gorman", where: "8.1", check: slabinfo24 },
  { source: "M. Gorman", where: "8.1.5", check: gormanColours },
  { source: "M. Gorman", where: "8.1.7", check: only("REAP_SCANLEN", REAP_SCANLEN) },
  { source: "M. Gorman", where: "8.2.1", check: offSlabThreshold },
  { source: "M. Gorman", where: "8.2.4", check: freshBufctl },
  {
    source: "M. Gorman",
    where: "8.4",
    check: (data) => differ("sizes of the general caches", data, kmallocSizes(128)),
  },
  { source: "man page slabinfo", where: "example", check: manPageRows },
  { source: "comment in mm/page_alloc.c", where: "init_per_zone_pages_min", check: minFree },
  { source: "comment in mm/page_alloc.c", where: "sysctl_lowmem_reserve_ratio", check: reserves },
];

/** Facts that nothing here can work out, by source and place. */
const reasons: readonly (readonly [source: string, where: string, reason: string])[] = [
  ["J. Bonwick", "3.1", "the paper does not print the sizes of SunOS's general caches"],
  ["J. Bonwick", "4.2", "measured on a SPARCcenter 2000"],
  ["J. Bonwick", "5.", "measured on SPARCstations"],
  ["J. Bonwick", "6.3", "patterns of SunOS; the simulator's slab debugging writes those of Linux"],
  ["M. Gorman", "13.x", "a formula quoted approximately; oom_badness.json has the numbers"],
  ["Linux 2.6.20 Documentation", "", "samples of formats, not cases to run"],
];

export function* paperFacts(data: Json): Iterable<CaseOutcome> {
  for (const [index, item] of list(record(data, "file").facts, "facts").entries()) {
    const at = `facts[${index}]`;
    const fact = record(item, at);
    const source = text(fact.source, `${at}.source`);
    const where = text(fact.where, `${at}.where`);
    const name = `${source.split(",")[0]}, ${where}`;
    const rule = rules.find((each) => applies(each, source, where, fact.data ?? null));
    if (rule) yield { name, difference: rule.check(fact.data ?? null, `${at}.data`) };
    else {
      const [, , reason] = reasons.find(([start, place]) => source.startsWith(start) && where.startsWith(place)) ?? [];
      yield { name, difference: null, skipped: reason ?? "nothing here works this fact out" };
    }
  }
}

function applies({ source, where, key }: Rule, actualSource: string, actualWhere: string, data: Json): boolean {
  if (!actualSource.startsWith(source) || actualWhere !== where) return false;
  return key === undefined || (typeof data === "object" && data !== null && key in data);
}

function fourHundredBytes(data: Json, where: string): Difference | null {
  const given = record(data, where);
  const size = integer(given.object, where);
  const bytes = integer(given.page, where);
  const { buffers, left } = cut(size, bytes);
  const { perBuffer, percent } = internalFragmentation(size, bytes);
  return same(given, {
    objects_per_slab: buffers,
    left_over: left,
    waste_per_object: perBuffer,
    internal_fragmentation_percent: percent,
  });
}

/** No size of large object may waste more than the limit; and the limit itself. */
function wasteLimit(data: Json, where: string): Difference | null {
  const given = record(data, where);
  const limit = Number(given.limit_percent);
  for (let size = page / WASTE_PART; size <= 9216; size++) {
    const { left, pages } = bonwickSlab(size, 8, "plain");
    const percent = (100 * left) / (pages * page);
    if (percent > limit) return { at: `waste of ${size}-byte objects`, expected: limit, actual: percent };
  }
  return same(given, { limit_percent: 100 / WASTE_PART });
}

function smallThreshold(data: Json, where: string): Difference | null {
  const [, threshold] = /\((\d+) of \d+\)/.exec(text(record(data, where).small_threshold, where)) ?? [];
  if (threshold === undefined) throw new BadData(`${where}: names no number of bytes`);
  const smallest = Array.from({ length: page }, (_, size) => size + 1).find(
    (size) => !bonwickSlab(size, 1, "plain").small,
  );
  return differ("smallest large object", Number(threshold), smallest ?? null);
}

function hotBytes(data: Json, where: string): Difference | null {
  const given = record(data, where);
  return same(given, {
    percent: Math.floor(usableCachePercent(integer(given.hot, where), integer(given.stride, where))),
  });
}

function colourSequence(data: Json, where: string): Difference | null {
  const given = record(data, where);
  const size = integer(given.object, where);
  const { buffers, left, colours } = bonwickSlab(size, integer(given.align, where), "plain");
  const sequence = integers(given.sequence, where).map((_, index) => colours[index % colours.length]!);
  const offsets = (colour: number) => [0, 1, 2].map((index) => colour + index * size);
  return same(given, {
    objects_per_slab: buffers,
    object_bytes: buffers * size,
    slab_data: SLAB_DATA_BYTES,
    available_for_colour: left,
    max_colour: colours.at(-1)!,
    sequence,
    first_slab_offsets: offsets(sequence[0] ?? 0),
    second_slab_offsets: offsets(sequence[1] ?? 0),
  });
}

function perfectFit(data: Json, where: string): Difference | null {
  const { buffers, left } = bonwickSlab(128, 8, "plain");
  return same(record(data, where), { in_4096: cut(128, page).buffers, in_4064: buffers, left_over: left });
}

/** Rows of /proc/slabinfo 1.1: the total is what the slabs hold; array sizes of an SMP kernel. */
function slabinfo24(data: Json, where: string): Difference | null {
  for (const row of rowsOf(data, where)) {
    const arrays = cpucache24(row.size);
    const wrong =
      holds(row) ??
      differ(`${row.name}: limit, batchcount`, row.rest, arrays ? [arrays.limit, arrays.batchcount] : [0, 0]);
    if (wrong) return wrong;
  }
  return null;
}

function manPageRows(data: Json, where: string): Difference | null {
  for (const row of rowsOf(data, where)) {
    const wrong = holds(row);
    if (wrong) return wrong;
  }
  return null;
}

interface SlabinfoFact {
  readonly name: string;
  readonly total: number;
  readonly size: number;
  readonly slabs: number;
  readonly pages: number;
  readonly rest: number[];
}

function rowsOf(data: Json, where: string): SlabinfoFact[] {
  return list(data, where).map((item, index) => {
    const [name, ...numbers] = list(item, `${where}[${index}]`);
    const [, total = 0, size = 0, , slabs = 0, pages = 1, ...rest] = integers(numbers, `${where}[${index}]`);
    return { name: text(name, where), total, size, slabs, pages, rest };
  });
}

/** Objects of up to 512 bytes lie beside their descriptor: the 512 come from a smaller size that was aligned. */
function holds({ name, total, size, slabs, pages }: SlabinfoFact): Difference | null {
  const placement = size <= page / 8 ? "on-slab" : "off-slab";
  const { num } = cacheEstimate(Math.log2(pages), size, 4, placement, descriptor24);
  return differ(`${name}: objects in ${slabs} slabs`, total, num * slabs);
}

/** The book prints one offset too many for this number of colours; only the number is compared. */
function gormanColours(data: Json, where: string): Difference | null {
  const given = record(data, where);
  const offsets = colourOffsets(integer(given.wasted, where), integer(given.colour_off, where), 100);
  return same(given, { colour: new Set(offsets).size });
}

function offSlabThreshold(data: Json, where: string): Difference | null {
  const env = { ...descriptor24, l1: 32, breakOrder: 1, offslabLimit: 58 };
  let size = 4;
  while (size < page && !cacheGeometry(cacheAlign(size, 0, 0, 32), env)?.offSlab) size += 4;
  return same(record(data, where), { bytes: size });
}

/** A slab of five objects, straight after it was made. */
function freshBufctl(data: Json, where: string): Difference | null {
  const given = record(data, where);
  const k = createKernel({ boot: { kind: "zones", pages: [0, 256, 0] }, bufctl: 4 });
  const cache = kmemCacheCreate(k, { name: "five", size: 700, flags: SLAB_HWCACHE_ALIGN });
  cacheGrow(k, cache, GFP_KERNEL);
  const slab = observeSlab(k, cache).slabs.free[0];
  const bufctl = slab?.bufctl.map((next) => (next === "end" ? "BUFCTL_END" : next)) ?? [];
  return same(given, { bufctl, free: slab?.chain[0] ?? -1 });
}

/** Only sizes that low memory can have on i386: the comment rounds 8192MB down to a multiple of 4, the kernel's root does not. */
function minFree(data: Json, where: string): Difference | null {
  for (const [size, expected] of Object.entries(record(data, where))) {
    const megabytes = /^(\d+)MB$/.exec(size)?.[1];
    if (megabytes === undefined) throw new BadData(`${where}: "${size}" is no size in MB`);
    if (Number(megabytes) > 896) continue;
    const wrong = differ(size, expected, defaultMinFreeKbytes((Number(megabytes) * 1024) / 4));
    if (wrong) return wrong;
  }
  return null;
}

/** `(224M+784M)/256`: pages of these megabytes by the ratio. */
function reserves(data: Json, where: string): Difference | null {
  const reserve = lowmemReserve([16, 784, 224].map((megabytes) => megabytes * 256));
  const actual: Numbers = {
    "Normal alloc leaves in DMA": reserve[0]![1]!,
    "HighMem alloc leaves in Normal": reserve[1]![2]!,
    "HighMem alloc leaves in DMA": reserve[0]![2]!,
  };
  const expected = Object.entries(record(data, where)).map(([key, formula]) => {
    const [, sum, ratio] = /^\(?([\dM+]+)\)?\/(\d+)$/.exec(text(formula, where)) ?? [];
    if (sum === undefined) throw new BadData(`${where}: "${formula}" is no sum of megabytes by a ratio`);
    const megabytes = sum.split("+").reduce((total, part) => total + Number.parseInt(part, 10), 0);
    return [key, Math.floor((megabytes * 256) / Number(ratio))] as const;
  });
  return same(Object.fromEntries(expected), actual);
}

function only(key: string, actual: Json): Check {
  return (data, where) => same(record(data, where), { [key]: actual });
}

/** Every field we worked out against the fact's. */
function same(given: Numbers, actual: Numbers): Difference | null {
  for (const [key, value] of Object.entries(actual)) {
    const wrong = differ(key, given[key] ?? null, value);
    if (wrong) return wrong;
  }
  return null;
}

function differ(at: string, expected: Json, actual: Json): Difference | null {
  const close = typeof expected === "number" && typeof actual === "number" && Math.abs(expected - actual) < 1e-9;
  return close || sameJson(expected, actual) ? null : { at, expected, actual };
}
