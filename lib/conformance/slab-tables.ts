// The slab tables: what the kernel's own kmem_cache_create and kmem_cache_init chose, read from the caches that the simulator makes.
// Source: oracles/README.md section 3.
import { createKernel } from "@/lib/sim/create-kernel";
import type { Kernel } from "@/lib/sim/kernel";
import { KernelBug } from "@/lib/sim/kernel-bug";
import { kmemCacheCreate, kmemCacheDestroy } from "@/lib/sim/slab/create";
import { global } from "@/lib/sim/slab/fields";
import { arraySizes } from "@/lib/sim/slab/geometry";
import { observeSlab } from "@/lib/sim/slab/observe-slab";
import { slabinfoRows } from "@/lib/sim/slab/slabinfo";
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

const KERNEL = "2.6.11";

/** A machine without HighMem of more or of exactly 32 MiB. */
export function slabMachine(l1: number, memory: "hi" | "lo", where: string): Kernel {
  if (l1 !== 32 && l1 !== 64 && l1 !== 128) throw new BadData(`${where}: no cache line has ${l1} bytes`);
  return createKernel({ boot: { kind: "zones", pages: [4096, memory === "hi" ? 12288 : 4096, 0] }, l1 });
}

export function otherKernel(kernel: string): string {
  return `the rules of Linux ${kernel} are not modelled, only those of ${KERNEL}`;
}

/** slab_sizing.json: geometry and array sizes of one cache a row. */
export function* slabSizing(data: Json): Iterable<CaseOutcome> {
  for (const [number, item] of list(record(data, "file").tables, "tables").entries()) {
    const where = `tables[${number}]`;
    const table = record(item, where);
    const kernel = text(table.kernel, `${where}.kernel`);
    const rows = list(table.rows, `${where}.rows`).map((row, index) => sizingRow(row, `${where}.rows[${index}]`));
    if (kernel !== KERNEL) {
      for (const [index] of rows.entries())
        yield { name: `table ${number} row ${index}`, difference: null, skipped: otherKernel(kernel) };
      continue;
    }
    yield* sizingTable(table, where, rows);
  }
}

interface SizingRow {
  readonly size: number;
  readonly align: number;
  readonly flags: number;
  /** objsize, num, order, off_slab, colour, colour_off, slab_size, left_over, limit, batchcount, free_limit. */
  readonly expected: number[];
}

function sizingRow(row: Json, where: string): SizingRow {
  const [size, align, flags, ...expected] = list(row, where);
  if (expected.length !== 11) throw new BadData(`${where}: expected 14 columns`);
  const bits = Number(text(flags, where));
  return {
    size: integer(size, where),
    align: integer(align, where),
    flags: integer(bits, where),
    expected: integers(expected, where),
  };
}

function* sizingTable(
  table: { [key: string]: Json },
  where: string,
  rows: readonly SizingRow[],
): Iterable<CaseOutcome> {
  const constants = record(table.constants, `${where}.constants`);
  const l1 = integer(constants.L1, `${where}.L1`);
  const memory = text(table.memory, `${where}.memory`);
  if (memory !== "hi" && memory !== "lo") throw new BadData(`${where}: memory is hi or lo`);
  const k = slabMachine(l1, memory, where);
  const started = (["offslab_limit", "slab_break_gfp_order"] as const).map((field) => ({
    at: `${field} after the start`,
    expected: integer(constants[field], `${where}.${field}`),
    actual: k.memory.u32[global(k, field) >>> 2]!,
  }));
  const wrongStart = started.find(({ expected, actual }) => expected !== actual) ?? null;
  for (const [index, row] of rows.entries())
    yield { name: `L1 ${l1}, ${memory}, row ${index}`, difference: wrongStart ?? sizingDifference(k, row) };
}

function sizingDifference(k: Kernel, { size, align, flags, expected }: SizingRow): Difference | null {
  const at = `size ${size}, align ${align}, flags 0x${flags.toString(16)}`;
  try {
    const cache = kmemCacheCreate(k, { name: "row", size, align, flags });
    if (cache === 0) return { at, expected, actual: "no cache" };
    const s = observeSlab(k, cache);
    const shape = [s.objsize, s.num, s.order, s.offSlab ? 1 : 0, s.colour, s.colourOff, s.slabSize, s.left];
    const actual = [...shape, s.limit, s.batchcount, s.freeLimit];
    kmemCacheDestroy(k, cache);
    return sameJson(expected, actual) ? null : { at, expected, actual };
  } catch (error) {
    if (!(error instanceof KernelBug)) throw error;
    return { at, expected, actual: error.message };
  }
}

/** kmalloc_caches.json: the general caches after the start, newest first. */
export function* kmallocCaches(data: Json): Iterable<CaseOutcome> {
  for (const [number, item] of list(record(data, "file").tables, "tables").entries()) {
    const where = `tables[${number}]`;
    const table = record(item, where);
    const kernel = text(table.kernel, `${where}.kernel`);
    const l1 = integer(table.L1, `${where}.L1`);
    const name = `Linux ${kernel}, L1 ${l1}`;
    const expected = list(table.caches, `${where}.caches`).map((each) => record(each, `${where}.caches`));
    if (kernel !== KERNEL) {
      yield { name, difference: null, skipped: otherKernel(kernel) };
      continue;
    }
    const rows = slabinfoRows(slabMachine(l1, "hi", where)).filter((row) => row.name.startsWith("size-"));
    const actual = rows.map((row) => ({
      name: row.name,
      objsize: row.objsize,
      objperslab: row.objperslab,
      pagesperslab: row.pagesperslab,
      limit: row.limit,
      batchcount: row.batchcount,
    }));
    const wrong = Array.from({ length: Math.max(expected.length, actual.length) }, (_, index) => index).find(
      (index) => !sameFields(expected[index], actual[index]),
    );
    const difference =
      wrong === undefined
        ? null
        : { at: `cache ${wrong}`, expected: expected[wrong] ?? null, actual: actual[wrong] ?? null };
    yield { name, difference };
  }
}

/** Equal in every field, in whatever order the file has them. */
function sameFields(
  expected: { [key: string]: Json } | undefined,
  actual: { [key: string]: Json } | undefined,
): boolean {
  if (!expected || !actual || Object.keys(expected).length !== Object.keys(actual).length) return false;
  return Object.entries(expected).every(([key, value]) => sameJson(value, actual[key] ?? null));
}

/** enable_cpucache.json: limit, batchcount and shared batches by object size. */
export function* enableCpucacheTable(data: Json): Iterable<CaseOutcome> {
  for (const [title, rows] of Object.entries(record(record(data, "file").tables, "tables"))) {
    const [, kernel, cpus] = /^(\S+) (UP|SMP)$/.exec(title) ?? [];
    if (kernel === undefined) throw new BadData(`tables: "${title}" names no kernel with UP or SMP`);
    const table = list(rows, title).map((row, index) => integers(row, `${title}[${index}]`));
    if (kernel !== KERNEL) {
      yield { name: title, difference: null, skipped: otherKernel(kernel) };
      continue;
    }
    let difference: Difference | null = null;
    for (const row of table) {
      const { limit, batchcount, shared } = arraySizes(row[0] ?? 0, cpus === "SMP" ? "smp" : "up", "plain");
      const actual = [row[0] ?? 0, limit, batchcount, shared];
      if (!sameJson(row, actual)) difference ??= { at: `object size ${row[0]}`, expected: row, actual };
    }
    yield { name: title, difference };
  }
}
