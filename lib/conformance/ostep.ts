// Adapters for the OSTEP homework programs (lib/sim/textbook/ostep-*.ts).
import { fits, freelistAlloc, freelistFree, freelistHeap, listOrders } from "@/lib/sim/textbook/ostep-freelist";
import { ostepPolicies, replayOstep } from "@/lib/sim/textbook/ostep-policy";
import {
  relocate,
  segmentOf,
  smallTables,
  translateLinear,
  translateSegmented,
  walkSmallTables,
} from "@/lib/sim/textbook/ostep-translation";
import {
  type Adapter,
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

type Fields = { [key: string]: Json };

/** Runs each case of the file; `play` yields what a step should and does give, and the first that differs ends the case. */
function cases(play: (fields: Fields, where: string) => Iterable<Difference>): Adapter {
  return function* (data) {
    for (const [index, each] of list(record(data, "file").cases, "cases").entries()) {
      const fields = record(each, `cases[${index}]`);
      const name = typeof fields.argv === "string" ? `case ${index} (${fields.argv})` : `case ${index}`;
      yield { name, difference: firstDifference(play(fields, `cases[${index}]`)) };
    }
  };
}

export function firstDifference(steps: Iterable<Difference>): CaseOutcome["difference"] {
  for (const step of steps) if (!sameJson(step.expected, step.actual)) return step;
  return null;
}

function accesses(fields: Fields, where: string): Json[][] {
  return list(fields.accesses, `${where}.accesses`).map((each, index) => list(each, `${where}.accesses[${index}]`));
}

function hex(value: Json | undefined, where: string): number {
  const number = Number(text(value, where));
  if (!Number.isInteger(number)) throw new BadData(`${where}: expected a hexadecimal word`);
  return number;
}

function oneOf<T extends string>(names: readonly T[], value: Json | undefined, where: string): T {
  const found = names.find((name) => name === value);
  if (found === undefined) throw new BadData(`${where}: ${JSON.stringify(value)} is none of ${names.join(", ")}`);
  return found;
}

export const relocation = cases(function* (fields, where) {
  const registers = { base: integer(fields.base, `${where}.base`), limit: integer(fields.limit, `${where}.limit`) };
  for (const [va, pa] of accesses(fields, where))
    yield { at: `address ${va}`, expected: pa ?? null, actual: relocate(registers, integer(va, where)) };
});

export const segmentation = cases(function* (fields, where) {
  const asize = integer(fields.asize, `${where}.asize`);
  const registers = (name: string) => {
    const segment = record(fields[name], `${where}.${name}`);
    return {
      base: integer(segment.base, `${where}.${name}.base`),
      limit: integer(segment.limit, `${where}.${name}.limit`),
    };
  };
  const segments = [registers("seg0"), registers("seg1")] as const;
  for (const [address, segment, pa] of accesses(fields, where)) {
    const va = integer(address, where);
    yield {
      at: `address ${va}`,
      expected: [segment ?? null, pa ?? null],
      actual: [segmentOf(asize, va), translateSegmented(asize, segments, va)],
    };
  }
});

export const pagingLinear = cases(function* (fields, where) {
  const pageBytes = integer(fields.pagesize, `${where}.pagesize`);
  const table = list(fields.page_table, `${where}.page_table`).map((word, index) =>
    hex(word, `${where}.page_table[${index}]`),
  );
  for (const [address, vpn, pa] of accesses(fields, where)) {
    const va = integer(address, where);
    yield {
      at: `address ${va}`,
      expected: [vpn ?? null, pa ?? null],
      actual: [Math.floor(va / pageBytes), translateLinear(table, pageBytes, va)],
    };
  }
});

export const pagingMultilevel = cases(function* (fields, where) {
  const memory = new Uint8Array(smallTables.frames * smallTables.pageBytes);
  const pages = list(fields.pages, `${where}.pages`);
  if (pages.length > smallTables.frames)
    throw new BadData(`${where}.pages: ${pages.length} pages, the machine has ${smallTables.frames}`);
  for (const [frame, bytes] of pages.entries())
    memory.set(hexBytes(text(bytes, `${where}.pages[${frame}]`), where), frame * smallTables.pageBytes);
  const pdbr = integer(fields.pdbr_page, `${where}.pdbr_page`);
  for (const each of list(fields.accesses, `${where}.accesses`)) {
    const access = record(each, `${where}.accesses`);
    const walk = walkSmallTables(memory, pdbr, integer(access.va, `${where}.va`));
    const given = [access.pde_index, access.pde, access.pte_index, access.pte, access.result, access.pa, access.value];
    yield {
      at: `address ${access.va}`,
      expected: given.map((value) => value ?? null),
      actual: [walk.pdeIndex, walk.pde, walk.pteIndex, walk.pte, walk.result, walk.pa, walk.value].map(
        (value, index) =>
          // A fault in the directory names no table index in the data.
          given[index] === undefined && index === 2 ? null : value,
      ),
    };
  }
});

function hexBytes(word: string, where: string): Uint8Array {
  if (!/^([0-9a-f]{2}){32}$/.test(word)) throw new BadData(`${where}.pages: expected 32 bytes in hexadecimal`);
  return Uint8Array.from(word.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export const freelistMalloc = cases(function* (fields, where) {
  const heap = freelistHeap({
    size: integer(fields.size, `${where}.size`),
    base: integer(fields.base, `${where}.base`),
    header: integer(fields.header, `${where}.header`),
    align: integer(fields.align, `${where}.align`),
    fit: oneOf(fits, fields.policy, `${where}.policy`),
    order: oneOf(listOrders, fields.order, `${where}.order`),
    coalesce: fields.coalesce === true,
  });
  const held = new Map<number, { block: number; size: number }>();
  for (const [index, each] of list(fields.ops, `${where}.ops`).entries()) {
    const op = record(each, `${where}.ops[${index}]`);
    const id = integer(op.id, `${where}.ops[${index}].id`);
    const kind = oneOf(["alloc", "free"], op.op, `${where}.ops[${index}].op`);
    const at = `op ${index} ${kind}(${id})`;
    if (kind === "alloc") {
      const size = integer(op.size, `${where}.ops[${index}].size`);
      const { block, searched } = freelistAlloc(heap, size);
      if (block !== null) held.set(id, { block, size });
      const printed = (block ?? -1) + heap.config.header;
      yield {
        at,
        expected: [op.block ?? null, op.printed ?? null, op.searched ?? null, op.free ?? null],
        actual: [block, printed, searched, extents(heap.free)],
      };
      continue;
    }
    const old = held.get(id);
    if (!old) throw new BadData(`${where}.ops[${index}]: frees ${id}, which was never allocated`);
    held.delete(id);
    freelistFree(heap, old.block, old.size);
    yield { at, expected: [op.ret ?? null, op.free ?? null], actual: [0, extents(heap.free)] };
  }
});

function extents(free: readonly (readonly [number, number])[]): Json {
  return free.map(([address, size]) => [address, size]);
}

/** As `replayOstep`; a file with too few draws is bad data. */
function replay(...[policy, refs, frames, options, where]: [...Parameters<typeof replayOstep>, string]) {
  try {
    return replayOstep(policy, refs, frames, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BadData(`${where}.draws: ${error.message}`, { cause: error });
  }
}

export const ostepPolicy = cases(function* (fields, where) {
  const policy = oneOf(Object.keys(ostepPolicies) as (keyof typeof ostepPolicies)[], fields.policy, `${where}.policy`);
  const refs = integers(fields.accesses, `${where}.accesses`);
  const draws = fields.draws === undefined ? [] : list(fields.draws, `${where}.draws`).map(Number);
  const clockBits = fields.clockbits === undefined ? 1 : integer(fields.clockbits, `${where}.clockbits`);
  const frames = integer(fields.cachesize, `${where}.cachesize`);
  const steps = replay(ostepPolicies[policy], refs, frames, { draws, clockBits }, where);
  const expected = list(fields.steps, `${where}.steps`);
  for (const [index, { hit, victim, memory }] of steps.entries())
    yield {
      at: `access ${index} (page ${refs[index]})`,
      expected: expected[index] ?? null,
      actual: [hit ? 1 : 0, victim, [...memory]],
    };
  const hits = steps.filter((step) => step.hit).length;
  yield { at: "totals", expected: [fields.hits ?? null, fields.misses ?? null], actual: [hits, steps.length - hits] };
});

export const ostepClassic = cases(function* (fields, where) {
  const policy = oneOf(Object.keys(ostepPolicies) as (keyof typeof ostepPolicies)[], fields.policy, `${where}.policy`);
  const refs = integers(fields.refs, `${where}.refs`);
  const frames = integer(fields.frames, `${where}.frames`);
  const steps = replay(ostepPolicies[policy], refs, frames, { draws: [], clockBits: 1 }, where);
  const hits = steps.filter((step) => step.hit).length;
  yield {
    at: `${fields.name}, ${policy}, ${fields.frames} frames`,
    expected: [fields.trace ?? null, fields.evicted ?? null, fields.hits ?? null, fields.misses ?? null],
    actual: [
      steps.map((step) => (step.hit ? "H" : "M")).join(""),
      steps.map((step) => step.victim),
      hits,
      steps.length - hits,
    ],
  };
});
