// Likely values and random operations for the address space scene.
import { PAGE_SIZE } from "@/lib/sim/constants";
import type { Rng } from "@/lib/sim/rng";
import { type Prot, type SpaceOp, type SpaceState, sources } from "./space-types";
import type { AreaView } from "./space-view";
import { suggestWho, whos } from "./who";

const randomProts: readonly Prot[] = ["r", "rw", "rw", "rw", "rx"];

export function suggestForSpace(
  { parent, child }: SpaceState,
  op: SpaceOp["op"],
  parameter: string,
): readonly (string | number)[] {
  if (parent === null) return [];
  if (parameter === "at" && op === "brk") return [parent.brk + 4 * PAGE_SIZE, parent.brk - PAGE_SIZE];
  if (parameter === "at") return parent.areas.map(({ start }) => start).slice(0, 12);
  if (parameter === "hint") return [parent.mmapBase, 0x50000000];
  if (parameter === "pages") return [1, 2, 3, 6];
  if (parameter === "to") return [1, 2, 4, 8];
  if (parameter === "who") return suggestWho(child);
  return [];
}

function pagesOf({ start, end }: AreaView): number {
  return (end - start) / PAGE_SIZE;
}

/** Legal in this state; nothing that would end the process. */
export function randomSpaceOp({ parent, child }: SpaceState, rng: Rng): SpaceOp {
  const areas = parent?.areas ?? [];
  const inside = () => {
    const area = rng.pick(areas);
    const skip = rng.below(Math.min(pagesOf(area), 6));
    return { area, at: area.start + skip * PAGE_SIZE, pages: 1 + rng.below(Math.min(4, pagesOf(area) - skip)) };
  };
  const fresh = (): SpaceOp => ({
    op: "mmap",
    pages: 1 + rng.below(6),
    prot: rng.pick(randomProts),
    from: rng.pick([...sources, "anon", "anon", "anon"]),
    hint: 0,
  });
  const die = rng.below(100);
  // So many areas are hard to read.
  const crowded = areas.length > 9;
  if (areas.length === 0 || (die < 30 && !crowded)) return fresh();
  const { area, at, pages } = inside();
  if (die < 45 || (crowded && die < 60)) return area.name === "stack" ? fresh() : { op: "munmap", at, pages };
  if (die < 60) return { op: "mprotect", at, pages, prot: rng.pick(["r", "rw", "rw"] as const) };
  if (die < 64) return child === null ? { op: "fork" } : { op: "exit" };
  if (die < 67) return { op: "mlock", at, pages };
  const writable = area.permissions[1] === "w";
  const readable = area.permissions[0] === "r";
  const beyond = area.file !== null && area.pgoff + pagesOf(area) > 4;
  if (!readable || (beyond && area.name !== "file" && area.name !== "shared")) return fresh();
  const who = child?.areas.some(({ start, end, permissions }) => {
    return start <= at && at < end && permissions === area.permissions;
  })
    ? rng.pick(whos)
    : "parent";
  return { op: writable && rng.chance(70) ? "write" : "read", at, who };
}
