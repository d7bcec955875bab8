// What every frame of the machine is used for, from mem_map alone.
// Source:     Linux 2.6.11 linux/page-flags.h, linux/mm.h (PageAnon); the question is that of /proc/kpageflags in later kernels
// Simplified: a frame in use without a flag or mapping is the kernel's own: page tables, its stacks, vmalloc, what drivers took.
import { PAGE_MAPPING_ANON, PG_reserved, pageFlags } from "../constants";
import type { Kernel } from "../kernel";
import { pcpOf } from "../pcp";
import { MAX_ORDER, page as pageStruct, perCpuPages } from "../structs";

export const frameUses = ["free", "percpu", "reserved", "kernel", "slab", "anon", "file", "swapcache"] as const;
export type FrameUse = (typeof frameUses)[number];

const PAGE_WORDS = pageStruct.size >>> 2;
const FLAGS = pageStruct.offset.flags >>> 2;
const COUNT = pageStruct.offset.count >>> 2;
const PRIVATE = pageStruct.offset.private >>> 2;
const MAPPING = pageStruct.offset.mapping >>> 2;
const bit = (flag: keyof typeof pageFlags) => 1 << pageFlags[flag];

/** One index of `frameUses` a frame. Always ends; damaged lists only make it wrong. */
export function frameCensus(k: Kernel): Uint8Array {
  const w = k.memory.u32;
  const use = new Uint8Array(k.pages);
  const set = (pfn: number, what: FrameUse) => {
    use[pfn] = frameUses.indexOf(what);
  };
  for (let pfn = 0; pfn < k.pages; pfn++) {
    const at = (k.memMap >>> 2) + pfn * PAGE_WORDS;
    const flags = w[at + FLAGS]!;
    const mapping = w[at + MAPPING]!;
    const order = w[at + PRIVATE]!;
    if ((flags & bit("PG_private")) !== 0 && w[at + COUNT] === 0 && order < MAX_ORDER) {
      const end = Math.min(k.pages, pfn + 2 ** order);
      use.fill(frameUses.indexOf("free"), pfn, end);
      pfn = end - 1;
    } else if ((flags & (1 << PG_reserved)) !== 0) set(pfn, "reserved");
    else if ((flags & bit("PG_slab")) !== 0) set(pfn, "slab");
    else if ((flags & bit("PG_swapcache")) !== 0) set(pfn, "swapcache");
    else if ((mapping & PAGE_MAPPING_ANON) !== 0) set(pfn, "anon");
    else if (mapping !== 0) set(pfn, "file");
    else set(pfn, "kernel");
  }
  for (const pfn of parked(k)) set(pfn, "percpu");
  return use;
}

/** Pages on the per-CPU lists; ends after as many steps as there are frames. */
function* parked(k: Kernel): Iterable<number> {
  const w = k.memory.u32;
  for (const { zone } of k.zones) {
    for (const cold of [0, 1] as const) {
      const head = pcpOf(zone, cold) + perCpuPages.offset.list;
      let steps = 0;
      for (let at = w[head >>> 2]!; at !== head && steps++ < k.pages; at = w[at >>> 2]!) {
        const pfn = (at - pageStruct.offset.lru - k.memMap) / pageStruct.size;
        if (!(pfn >= 0 && pfn < k.pages)) break;
        yield pfn;
      }
    }
  }
}
