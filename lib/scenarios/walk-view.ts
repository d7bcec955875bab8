// The state of the page walk scene, read from the machine's tables and TLB without touching them.
import { observeMmu, observeWalk } from "@/lib/sim/mmu/observe-mmu";
import { pteNone, ptePfn, readPte } from "@/lib/sim/mmu/pte";
import { indexAt, type WalkLevel } from "@/lib/sim/mmu/walk-formats";
import { mmStruct } from "@/lib/sim/structs-mm";
import { ptepOf, type WalkMachine } from "./walk-machine";
import type { LevelView, WalkRow, WalkState } from "./walk-types";

/** Rows shown on each side of the entry. */
const neighbours = 2;

export function observeWalkScene(machine: WalkMachine): WalkState {
  const { k, config, process, focus, outcome } = machine;
  const pgd = k.memory.u32[(machine.mm[process] + mmStruct.offset.pgd) >>> 2]!;
  const way = observeWalk(k, pgd, focus.address);
  const levels: readonly WalkLevel[] = k.cpu.format.levels;
  return {
    mode: config.mode,
    asid: config.asid,
    process,
    focus,
    levels: levels.map((level, depth) => levelView(machine, level, way.entries[depth]?.address ?? null)),
    pageShift: way.paddr === null ? null : way.pageShift,
    outcome,
    mmu: observeMmu(k),
    mapped: machine.mapped.flatMap((page) => {
      const ptep = ptepOf(machine, page.process, page.address, "stop");
      const pte = ptep === 0 ? 0 : readPte(k, ptep);
      return pteNone(pte) ? [] : [{ ...page, pfn: ptePfn(k, pte), flags: pte & 0xfff }];
    }),
  };
}

function levelView({ k, focus }: WalkMachine, level: WalkLevel, entry: number | null): LevelView {
  const { name, shift, bits } = level;
  const index = indexAt(level, focus.address);
  const { entryBytes } = k.cpu.format;
  if (entry === null) return { name, shift, bits, index, table: null, entry, rows: [], leads: "nowhere" };
  const table = entry - index * entryBytes;
  const rows = Array.from({ length: 2 * neighbours + 1 }, (_, at): WalkRow | null => {
    const each = index - neighbours + at;
    if (each < 0 || each >= 2 ** bits) return null;
    const low = k.cpu.memory.read32(table + each * entryBytes);
    return { index: each, low, high: entryBytes === 8 ? k.cpu.memory.read32(table + each * entryBytes + 4) : 0 };
  });
  const { low } = rows[neighbours]!;
  const present = (low & 1) !== 0;
  const leads = !present ? "absent" : name === "pte" ? "page" : level.large && (low & 0x80) !== 0 ? "large" : "table";
  return { name, shift, bits, index, table, entry, rows, leads };
}
