// Bits of entries as letters, and addresses as text.
import { hex } from "@/lib/scenarios/hex";
import type { LevelView, WalkState } from "@/lib/scenarios/walk-types";
import type { TlbEntryState } from "@/lib/sim/mmu/observe";
import type { Look } from "../scene";

/** Colours of the levels, from the top table to the last. */
export const levelLooks: Readonly<Record<LevelView["name"], Look>> = {
  pgd: "used",
  pud: "anon",
  pmd: "slab",
  pte: "file",
};

/** Both words of an entry. */
export function hexEntry(low: number, high: number): string {
  return high === 0 ? hex(low) : `0x${high.toString(16)}${low.toString(16).padStart(8, "0")}`;
}

const letters = [
  [0x001, "P"],
  [0x002, "W"],
  [0x004, "U"],
  [0x020, "A"],
  [0x040, "D"],
  [0x100, "G"],
] as const;

/** `PWUA··`: a dot for each bit that is clear. Entries that lead to a table have no D and no G. */
export function flagsOf(low: number): string {
  return letters.map(([bit, letter]) => ((low & bit) === 0 ? "·" : letter)).join("");
}

/** Whose entry it is: without numbers everything that is not global belongs to the running process. */
export function ownerOf({ global, asid }: TlbEntryState, state: WalkState): "A" | "B" | "*" {
  if (global) return "*";
  const process = state.asid === "off" ? state.process : asid === 1 ? "a" : "b";
  return process === "a" ? "A" : "B";
}

export function rightsOf({ write, user, dirty, global }: TlbEntryState): string {
  return `${write ? "W" : "·"}${user ? "U" : "·"}${dirty ? "D" : "·"}${global ? "G" : "·"}`;
}
