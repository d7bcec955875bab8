// zone_watermark_ok.json: the kernel's own answer for random zones.
import { createMemory } from "@/lib/sim/memory";
import { freeArea, MAX_NR_ZONES, MAX_ORDER, zone as zoneStruct } from "@/lib/sim/structs";
import { zoneWatermarkOk } from "@/lib/sim/watermark";
import { type CaseOutcome, integer, integerIn, integers, type Json, list, record } from "./data-set";

export function* zoneWatermark(data: Json): Iterable<CaseOutcome> {
  const zone = 64;
  const memory = createMemory(zone + zoneStruct.size);
  for (const [index, item] of list(record(data, "file").cases, "cases").entries()) {
    const name = `case ${index}`;
    const given = record(item, name);
    memory.i32[(zone + zoneStruct.offset.free_pages) >>> 2] = integer(given.free_pages, `${name}.free_pages`);
    const reserves = integers(given.lowmem_reserve, `${name}.lowmem_reserve`);
    for (let target = 0; target < MAX_NR_ZONES; target++)
      memory.i32[(zone + zoneStruct.offset.lowmem_reserve + 4 * target) >>> 2] = reserves[target] ?? 0;
    const nrFree = integers(given.nr_free, `${name}.nr_free`);
    for (let order = 0; order < MAX_ORDER; order++) {
      const area = zone + zoneStruct.offset.free_area + order * freeArea.size;
      memory.i32[(area + freeArea.offset.nr_free) >>> 2] = nrFree[order] ?? 0;
    }
    const actual = zoneWatermarkOk(memory, zone, {
      order: integerIn(given.order, [0, MAX_ORDER - 1], `${name}.order`),
      mark: integer(given.mark, `${name}.mark`),
      classzoneIdx: integerIn(given.classzone_idx, [0, MAX_NR_ZONES - 1], `${name}.classzone_idx`),
      canTryHarder: integer(given.can_try_harder, `${name}.can_try_harder`) === 1,
      gfpHigh: integer(given.gfp_high, `${name}.gfp_high`) === 1,
    });
    const expected = integer(given.ok, `${name}.ok`) === 1;
    yield {
      name,
      difference: actual === expected ? null : ({ at: "ok", expected, actual } satisfies CaseOutcome["difference"]),
    };
  }
}
