// The entries of any list of the machine, bounded.
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";

const MOST = 1 << 20;

/** Addresses of the structs on a list, head first. @param offset of the list_head in the struct. */
export function walkList(k: Kernel, head: Addr, offset: number): Addr[] {
  const entries: Addr[] = [];
  for (
    let at = k.memory.u32[head >>> 2]!;
    at !== head && at !== 0 && entries.length < MOST;
    at = k.memory.u32[at >>> 2]!
  )
    entries.push(at - offset);
  return entries;
}
