// All caches of the machine, newest first.
// Source: Linux 2.6.11 mm/slab.c (cache_chain)
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { cacheName, global } from "./fields";
import { kmemCache } from "./structs";

const NEXT = kmemCache.offset.next;
/** More caches than any machine has; a chain longer than this goes round in a circle. */
const MOST_CACHES = 1024;

/** The caches on the chain; ends at a link that leads nowhere. */
export function caches(k: Kernel): Addr[] {
  const w = k.memory.u32;
  const head = global(k, "cache_chain");
  const found: Addr[] = [];
  const last = k.memory.byteLength - kmemCache.size;
  for (let at = w[head >>> 2]!; at !== head && found.length < MOST_CACHES; at = w[at >>> 2]!) {
    if (at <= NEXT || at - NEXT > last || at % 4 !== 0) break;
    found.push(at - NEXT);
  }
  return found;
}

/** The cache of that name, 0 if there is none. */
export function findCache(k: Kernel, name: string): Addr {
  return caches(k).find((cache) => cacheName(k, cache) === name) ?? 0;
}
