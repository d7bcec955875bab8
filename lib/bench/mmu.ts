// How many memory accesses a second the simulated processor does: with every page in the TLB, and with a walk each time.
// Theory: a loop over a working set smaller than the TLB hits always after its first round; one that strides over twice as many pages as
//         a set of the TLB has ways, all in one set, misses always. The fastest of several rounds counts.
import { createKernel } from "@/lib/sim/create-kernel";
import { pageToPfn } from "@/lib/sim/frames";
import type { Kernel } from "@/lib/sim/kernel";
import { mmuAccess, switchMm } from "@/lib/sim/mmu/mmu-access";
import { pgdAlloc, pteAlloc } from "@/lib/sim/mmu/pgtable";
import { mkPte, PAGE_SHARED, writePte } from "@/lib/sim/mmu/pte";
import { READ } from "@/lib/sim/mmu/walk";
import { newObject } from "@/lib/sim/objects";
import { mmStruct } from "@/lib/sim/structs-mm";
import { allocPages } from "@/lib/sim/zones/alloc-pages";
import { GFP_KERNEL } from "@/lib/sim/zones/gfp";

const ACCESSES = 2_000_000;
const ROUNDS = 7;
const START = 0x08048000;
const WORKING_SET = 48;

export interface MmuSpeed {
  /** Accesses a second. */
  readonly hits: number;
  readonly misses: number;
}

export function benchMmu(): MmuSpeed {
  const k = createKernel({ boot: { kind: "zones", pages: [512, 2048, 0] } });
  const mm = newObject(k, "mm_struct");
  k.memory.u32[(mm + mmStruct.offset.pgd) >>> 2] = pgdAlloc(k);
  for (let page = 0; page < 256; page++) {
    const pfn = pageToPfn(k, allocPages(k, GFP_KERNEL, 0));
    writePte(k, pteAlloc(k, mm, START + page * 4096), mkPte(k, pfn, PAGE_SHARED));
  }
  switchMm(k, mm);
  return { hits: best(k, 1, WORKING_SET), misses: best(k, k.cpu.data.sets, k.cpu.data.ways * 2) };
}

function best(k: Kernel, strideOfPages: number, pages: number): number {
  let ms = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    loop(k, strideOfPages * 4096, pages);
    ms = Math.min(ms, performance.now() - start);
  }
  return (ACCESSES / ms) * 1000;
}

function loop(k: Kernel, stride: number, pages: number): void {
  for (let access = 0, page = 0; access < ACCESSES; access++) {
    if (mmuAccess(k, START + page * stride + (access & 0xffc), READ, 3) < 0) throw new Error("a mapped page faulted");
    page = page + 1 === pages ? 0 : page + 1;
  }
}
