// A buddy machine under a trace: the trace's names on one side, pages and addresses on the other.
// Theory: `alloc` and `free` go through the kernel's own entry points (alloc_pages, __free_pages); whoever wants a step of
//         them replaced changes `machine.ops` afterwards. Boot always runs the reference, so two machines start equal.
import { bootBuddyMachine } from "@/lib/sim/buddy-machine";
import { COLD, HOT } from "@/lib/sim/constants";
import { type Addr, type BuddyConfig, type BuddyMachine, pageToPfn } from "@/lib/sim/machine";
import type { Memory } from "@/lib/sim/memory";
import type { BuddyState } from "@/lib/sim/observe";
import { observeBuddy } from "@/lib/sim/observe-buddy";
import { allocPages, freePages } from "@/lib/sim/page-alloc";
import type { AllocOp, BuddyOp, FreeOp } from "./buddy-trace";

interface Block {
  readonly page: Addr;
  readonly pfn: number;
  readonly order: number;
}

export interface TracedMachine {
  readonly machine: BuddyMachine;
  /**
   * Executes one operation.
   * @returns the block's pfn, or null for a failed allocation and for every free.
   * @throws KernelBug as the kernel would stop, Error when `op` names an unknown block.
   */
  apply(op: BuddyOp): number | null;
  observe(): BuddyState;
  /** The block of that name is in use. */
  holds(id: string): boolean;
  /** Names of the blocks in use, oldest first. */
  names(): string[];
}

export function openBuddy(config: BuddyConfig, memory?: Memory): TracedMachine {
  const machine = bootBuddyMachine(config, memory);
  const blocks = new Map<string, Block>();

  const alloc = ({ order, id, cold }: AllocOp) => {
    const page = allocPages(machine, cold ? COLD : HOT, order);
    if (page === 0) return null;
    const pfn = pageToPfn(machine, page);
    blocks.set(id, { page, pfn, order });
    return pfn;
  };
  const free = ({ id, cold }: FreeOp) => {
    const block = blocks.get(id);
    if (!block) throw new Error(`free(${id}): no block of that name is in use`);
    blocks.delete(id);
    freePages(machine, block.page, block.order, cold ? COLD : HOT);
    return null;
  };
  return {
    machine,
    apply: (op) => (op.op === "alloc" ? alloc(op) : free(op)),
    observe: () =>
      observeBuddy(
        machine,
        [...blocks.values()].map(({ pfn, order }) => ({ pfn, order })).sort((a, b) => a.pfn - b.pfn),
      ),
    holds: (id) => blocks.has(id),
    names: () => [...blocks.keys()],
  };
}

/** Drops allocations under a name in use and frees of blocks that are not, as the reference machine sees it. */
export function legalBuddyOps<Op extends BuddyOp>(config: BuddyConfig, ops: readonly Op[]): Op[] {
  const traced = openBuddy(config);
  return ops.filter((op) => {
    if (traced.holds(op.id) !== (op.op === "free")) return false;
    traced.apply(op);
    return true;
  });
}
