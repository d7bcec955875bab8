// Constructors and destructors: run when an object enters a cache from fresh memory and when its memory leaves.
// Theory:     the part of an object's state that all its users leave alike is set up once and survives free and alloc.
// Source:     Linux 2.6.11 mm/slab.c (cache_init_objs, slab_destroy); Bonwick 1994, "Object Caching"
// Simplified: the function stands in `Kernel.ctors`; the cache holds its index + 1.
import type { Kernel, SlabCtor } from "../kernel";
import type { Addr } from "../machine";
import { CTOR, CTOR_CALLS, DBGHEAD, DTOR, DTOR_CALLS } from "./fields";
import { namedObject } from "./slab";

/** Makes a function known to the machine. @returns what `kmemCacheCreate` takes as ctor or dtor. */
export function registerCtor(k: Kernel, ctor: SlabCtor): number {
  k.ctors.push(ctor);
  return k.ctors.length;
}

/** @param object as the allocator knows it. */
export function construct(k: Kernel, cache: Addr, object: Addr, flags: number): void {
  const w = k.memory.u32;
  w[(cache >>> 2) + CTOR_CALLS]!++;
  if (k.events !== null) k.events.push({ kind: "slab-ctor", ...namedObject(k, cache, object), flags });
  k.ctors[w[(cache >>> 2) + CTOR]! - 1]?.run(k, object + w[(cache >>> 2) + DBGHEAD]!, cache, flags);
}

export function destruct(k: Kernel, cache: Addr, object: Addr): void {
  const w = k.memory.u32;
  w[(cache >>> 2) + DTOR_CALLS]!++;
  if (k.events !== null) k.events.push({ kind: "slab-dtor", ...namedObject(k, cache, object) });
  k.ctors[w[(cache >>> 2) + DTOR]! - 1]?.run(k, object + w[(cache >>> 2) + DBGHEAD]!, cache, 0);
}
