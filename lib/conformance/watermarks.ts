// watermarks.json: marks, reserves and per-CPU marks of machines of many sizes; int_sqrt.json: the square root behind them.
// Source: oracles/README.md section 4. Each row is a machine brought up with these zones, then one whose min_free_kbytes was written.
import { createKernel } from "@/lib/sim/create-kernel";
import { intSqrt } from "@/lib/sim/int-sqrt";
import { type Kernel, type ZoneIndex, zoneNames } from "@/lib/sim/kernel";
import { decode } from "@/lib/sim/layout";
import { zone as zoneStruct } from "@/lib/sim/structs";
import { minFreeKbytes, setLowmemReserveRatio, setMinFreeKbytes } from "@/lib/sim/zones/watermarks";
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
} from "./data-set";

const MOST_PAGES = 2 ** 24;

export function* intSqrtTable(data: Json): Iterable<CaseOutcome> {
  for (const [index, item] of list(record(data, "file").cases, "cases").entries()) {
    const [x, expected] = integers(item, `case ${index}`);
    if (x === undefined || expected === undefined) throw new BadData(`case ${index}: expected [x, root]`);
    const actual = intSqrt(x);
    yield { name: `isqrt(${x})`, difference: actual === expected ? null : { at: "root", expected, actual } };
  }
}

export function* watermarkTable(data: Json): Iterable<CaseOutcome> {
  for (const [version, rows] of Object.entries(record(record(data, "file").cases, "cases")))
    for (const [index, item] of list(rows, version).entries()) {
      const name = `${version} row ${index}`;
      if (version !== "2.6.11") {
        yield {
          name,
          difference: null,
          skipped: `the simulator's zones are those of 2.6.11, these rows are from ${version}`,
        };
        continue;
      }
      const row = record(item, name);
      yield { name, difference: compare(boot(row, name), row, name) };
    }
}

function boot(row: { [key: string]: Json }, name: string): Kernel {
  const sizes = record(row.zone_pages, `${name}.zone_pages`);
  const pages = zoneNames.map((zone) => integer(sizes[zone], `${name}.zone_pages.${zone}`));
  const [dma, normal, highmem] = pages;
  if (pages.some((size) => size < 0) || pages.reduce((sum, size) => sum + size, 0) > MOST_PAGES)
    throw new BadData(`${name}: zones of ${pages} pages`);
  try {
    return createKernel({ boot: { kind: "zones", pages: [dma!, normal!, highmem!] }, slab: "off", contents: 1024 });
  } catch (cause) {
    if (cause instanceof RangeError) throw new BadData(`${name}: ${cause.message}`, { cause });
    throw cause;
  }
}

function compare(k: Kernel, row: { [key: string]: Json }, name: string): Difference | null {
  const expected = integer(row.default_min_free_kbytes, `${name}.default_min_free_kbytes`);
  const actual = minFreeKbytes(k);
  if (actual !== expected) return { at: "default min_free_kbytes", expected, actual };
  const [dma, normal] = integers(row.lowmem_reserve_ratio, `${name}.lowmem_reserve_ratio`);
  if (dma === undefined || normal === undefined)
    throw new BadData(`${name}.lowmem_reserve_ratio: expected two numbers`);
  setLowmemReserveRatio(k, [dma, normal]);
  const written = integer(row.min_free_kbytes, `${name}.min_free_kbytes`);
  if (written !== expected) setMinFreeKbytes(k, written);
  const zones = record(row.zones, `${name}.zones`);
  for (const [index, zone] of zoneNames.entries()) {
    const given = record(zones[zone], `${name}.zones.${zone}`);
    const state = zoneState(k, index as ZoneIndex);
    for (const [field, value] of Object.entries(state))
      if (!sameJson(sorted(given[field] ?? null), sorted(value)))
        return { at: `${zone}.${field}`, expected: given[field] ?? null, actual: value };
  }
  return null;
}

function zoneState(k: Kernel, index: ZoneIndex): { [field: string]: Json } {
  // The layout says what decode returns.
  const zone = decode(k.memory, zoneStruct, k.zones[index].zone) as unknown as {
    readonly [field in "present_pages" | "pages_min" | "pages_low" | "pages_high"]: number;
  } & { readonly lowmem_reserve: number[]; readonly pageset: readonly { low: number; high: number; batch: number }[] };
  const [hot, cold] = zone.pageset.map(({ low, high, batch }) => ({ low, high, batch }));
  return {
    present: zone.present_pages,
    min: zone.pages_min,
    low: zone.pages_low,
    high: zone.pages_high,
    lowmem_reserve: zone.lowmem_reserve,
    pcp_hot: hot!,
    pcp_cold: cold!,
  };
}

/** The same object with its keys in order. */
function sorted(value: Json): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
