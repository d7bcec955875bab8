// The page walk data sets: what two emulators did for each access to tables in memory.
// Source: oracles/README.md section 5. Every access starts from the memory of its set, with an empty TLB.

import { type Access, CR0_WP, FETCH, newWalk, type PhysMemory, READ, type Walk, WRITE, walk } from "@/lib/sim/mmu/walk";
import { canonical, type WalkFormat, walkFormats } from "@/lib/sim/mmu/walk-formats";
import {
  type Adapter,
  BadData,
  type CaseOutcome,
  type Difference,
  integer,
  type Json,
  list,
  record,
  text,
} from "./data-set";

/** One case an address: its accesses as supervisor and user, read, write and fetch, with CR0.WP 0 and 1. */
export const x86walk: Adapter = function* (data) {
  const file = record(data, "file");
  const mode = text(record(file.meta, "meta").mode, "meta.mode");
  const found = Object.entries(walkFormats).find(([name]) => name === mode);
  if (!found) throw new BadData(`meta.mode: unknown mode ${JSON.stringify(mode)}`);
  for (const [index, each] of list(file.sets, "sets").entries())
    yield* tableSet(found[1], record(each, `sets[${index}]`), index);
};

function* tableSet(format: WalkFormat, set: { [key: string]: Json }, index: number): Iterable<CaseOutcome> {
  const where = `sets[${index}]`;
  const tables = new TableMemory(record(set.memory, `${where}.memory`), format.entryBytes, `${where}.memory`);
  const cr3 = Number(hex(set.cr3, `${where}.cr3`));
  const out = newWalk();
  for (const [at, item] of list(set.accesses, `${where}.accesses`).entries()) {
    const place = `${where}.accesses[${at}]`;
    const access = record(item, place);
    const va = hex(access.va, `${place}.va`);
    const name = `set ${index}, address 0x${va.toString(16)}`;
    let difference: Difference | null = null;
    for (const test of list(access.tests, `${place}.tests`))
      difference ??= compare(format, tables, cr3, va, list(test, place), out);
    yield { name, difference };
  }
}

const accesses: Readonly<Record<string, Access>> = { r: READ, w: WRITE, x: FETCH };

function compare(
  format: WalkFormat,
  tables: TableMemory,
  cr3: number,
  va: bigint,
  test: Json[],
  out: Walk,
): Difference | null {
  const kind = text(test[0], "test[0]");
  const wp = integer(test[1], "test[1]");
  if (!/^[su][rwx]$/.test(kind)) throw new BadData(`unknown access ${JSON.stringify(kind)}`);
  if (!/^(ok|pf|gp)$/.test(text(test[2], "test[2]"))) throw new BadData(`unknown result ${JSON.stringify(test[2])}`);
  const access = accesses[kind.slice(1)]!;
  const address = access === FETCH ? (va & ~0xfffn) | (kind === "ux" ? 0xff8n : 0xff0n) : va;
  const expected: Json = [test[2] ?? null, expectedValue(test, access), test[4] ?? []];
  const actual = run(format, tables, cr3, address, access, kind[0] === "u" ? 3 : 0, wp === 1, out);
  return JSON.stringify(expected) === JSON.stringify(actual) ? null : { at: `${kind}, WP ${wp}`, expected, actual };
}

function expectedValue(test: Json[], access: Access): Json {
  if (test[2] === "gp" || access === FETCH) return test[2] === "pf" ? integer(test[3], "test[3]") : null;
  return test[2] === "ok" ? Number(hex(test[3], "test[3]")) : integer(test[3], "test[3]");
}

function run(
  format: WalkFormat,
  tables: TableMemory,
  cr3: number,
  address: bigint,
  access: Access,
  cpl: number,
  wp: boolean,
  out: Walk,
): Json {
  const va = format.addressBits === 32 ? Number(BigInt.asUintN(32, address)) : canonical(address);
  if (va === null) return ["gp", null, []];
  const done = walk(format, tables, cr3, va, access, cpl, wp ? CR0_WP : 0, out);
  tables.restore();
  if (!done) return ["pf", out.error, []];
  const changes: Json[] = [];
  for (let depth = 0; depth < out.depth; depth++) {
    const set = out.set[depth]!;
    if (set !== 0)
      changes.push([`0x${out.entry[depth]!.toString(16)}`, (set & 0x20 ? "A" : "") + (set & 0x40 ? "D" : "")]);
  }
  return ["ok", access === FETCH ? null : out.paddr, changes];
}

/** The words of a set; a walk's writes are undone with `restore`. Everything not listed is 0. */
class TableMemory implements PhysMemory {
  readonly #words = new Map<number, number>();
  readonly #undo: [paddr: number, value: number][] = [];

  constructor(memory: { [key: string]: Json }, entryBytes: 4 | 8, where: string) {
    for (const [key, value] of Object.entries(memory)) {
      const at = Number(hex(key, where));
      const entry = hex(value, `${where}[${key}]`);
      this.#words.set(at, Number(entry & 0xffffffffn));
      if (entryBytes === 8) this.#words.set(at + 4, Number(entry >> 32n));
    }
  }

  read32(paddr: number): number {
    return this.#words.get(paddr) ?? 0;
  }

  write32(paddr: number, value: number): void {
    this.#undo.push([paddr, this.read32(paddr)]);
    this.#words.set(paddr, value);
  }

  restore(): void {
    for (let each = this.#undo.pop(); each; each = this.#undo.pop()) this.#words.set(each[0], each[1]);
  }
}

function hex(value: Json | undefined, where: string): bigint {
  const digits = text(value, where);
  if (!/^0x[0-9a-f]{1,16}$/.test(digits))
    throw new BadData(`${where}: ${JSON.stringify(value)} is no hexadecimal number`);
  return BigInt(digits);
}
