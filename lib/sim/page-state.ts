// What /proc/vmstat counts, by name.
// Source: Linux 2.6.11 mm/page_alloc.c (get_full_page_state, __read_page_state, __mod_page_state), linux/page-flags.h (page_state)
//
// Paths that run for every page use the offsets of `pageState` themselves.
import type { Kernel } from "./kernel";
import { pageState } from "./structs";

export type PageStateName = keyof typeof pageState.offset;

export function readPageState(k: Kernel, name: PageStateName): number {
  return k.memory.u32[(k.pageState + pageState.offset[name]) >>> 2]!;
}

export function modPageState(k: Kernel, name: PageStateName, delta: number): void {
  k.memory.u32[(k.pageState + pageState.offset[name]) >>> 2]! += delta;
}

/** All of them. */
export function getFullPageState(k: Kernel): Record<PageStateName, number> {
  const names = Object.keys(pageState.offset) as PageStateName[];
  // The same keys as the layout.
  return Object.fromEntries(names.map((name) => [name, readPageState(k, name)])) as Record<PageStateName, number>;
}
