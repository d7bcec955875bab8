// Looking at swap areas whose bytes somebody may have damaged: which there are, and what their counters say.
import { PAGE_SIZE } from "../constants";
import { isContents, peekFrame } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { masterPfn } from "../vmalloc/observe-vmalloc";
import { MAX_SWAPFILES, SWAP_MAP_BAD, SWP_USED, swapInfo, swapList } from "./structs";
import { PER_PAGE, swapInfoAt, swapVar } from "./swap-data";

export interface AreaView {
  readonly type: number;
  readonly si: Addr;
  readonly flags: number;
  /** The counters of slots 0..max-1; null if the map cannot be found. */
  readonly map: Uint16Array | null;
}

/** Areas in use, ascending by type. */
export function usedAreas(k: Kernel): AreaView[] {
  const w = k.memory.u32;
  const areas: AreaView[] = [];
  for (let type = 0; type < MAX_SWAPFILES; type++) {
    const si = swapInfoAt(k, type);
    const flags = w[(si + swapInfo.offset.flags) >>> 2]!;
    if ((flags & SWP_USED) !== 0) areas.push({ type, si, flags, map: mapOf(k, si) });
  }
  return areas;
}

function mapOf(k: Kernel, si: Addr): Uint16Array | null {
  const at = k.memory.u32[(si + swapInfo.offset.swap_map) >>> 2]!;
  const max = k.memory.u32[(si + swapInfo.offset.max) >>> 2]!;
  if (at % PAGE_SIZE !== 0 || max * 2 > k.pages * PAGE_SIZE) return null;
  const map = new Uint16Array(max);
  for (let first = 0; first < max; first += PER_PAGE) {
    const pfn = masterPfn(k, at + first * 2);
    if (pfn === null || pfn >= k.pages) return null;
    const frame = peekFrame(k, pfn);
    if (frame === 0) continue;
    if (!isContents(k, frame) || frame % PAGE_SIZE !== 0) return null;
    const counters = new Uint16Array(k.memory.buffer, k.memory.byteOffset + frame, Math.min(PER_PAGE, max - first));
    map.set(counters, first);
  }
  return map;
}

export function isUsed(count: number): boolean {
  return count > 0 && count < SWAP_MAP_BAD;
}

/** Types in the order of the list, and whether it ended: a circle or a type out of range stops the walk. */
export function areaList(k: Kernel): { readonly types: readonly number[]; readonly sound: boolean } {
  const { i32 } = k.memory;
  const types: number[] = [];
  let type = i32[(swapVar(k, "swap_list") + swapList.offset.head) >>> 2]!;
  while (type >= 0 && type < MAX_SWAPFILES && !types.includes(type)) {
    types.push(type);
    type = i32[(swapInfoAt(k, type) + swapInfo.offset.next) >>> 2]!;
  }
  return { types, sound: type === -1 };
}
