// Kernel objects of fixed size: vm_area_struct, mm_struct and the like. Everything that needs one asks here.
// Theory:     each kind has a slab cache of its own, made at the start of the machine.
// Source:     Linux 2.6.11 kernel/fork.c (proc_caches_init, fork_init), fs/dcache.c, fs/inode.c, lib/radix-tree.c, mm/rmap.c,
//             mm/shmem.c (init_inodecache) for names and flags
// Simplified: an object is handed out zeroed, so no kind has a constructor; sizes are those of our structs.
import type { Kernel } from "./kernel";
import { kernelData } from "./kernel-data";
import type { Struct } from "./layout";
import type { Addr } from "./machine";
import { shmemInodeInfo, shmemSbInfo, shmidKernel } from "./shmem/structs";
import { kmemCacheAlloc } from "./slab/alloc";
import { kmemCacheCreate } from "./slab/create";
import { SLAB_DESTROY_BY_RCU, SLAB_HWCACHE_ALIGN, SLAB_PANIC, SLAB_RECLAIM_ACCOUNT } from "./slab/flags";
import { kmemCacheFree } from "./slab/free";
import { anonVma, file, inode, mmStruct, radixTreeNode, taskStruct, vmAreaStruct } from "./structs-mm";
import { GFP_KERNEL } from "./zones/gfp";

/** The kinds of objects, by the name of their slab cache. */
const objectKinds = {
  vm_area_struct: vmAreaStruct,
  mm_struct: mmStruct,
  task_struct: taskStruct,
  anon_vma: anonVma,
  filp: file,
  inode_cache: inode,
  radix_tree_node: radixTreeNode,
  shmem_inode_cache: shmemInodeInfo,
  shmem_sb_info: shmemSbInfo,
  shmid_kernel: shmidKernel,
} as const satisfies Readonly<Record<string, Struct>>;
export type ObjectKind = keyof typeof objectKinds;

/** Flags of a kind's cache beside SLAB_PANIC. */
const cacheFlags: Readonly<Partial<Record<ObjectKind, number>>> = {
  mm_struct: SLAB_HWCACHE_ALIGN,
  task_struct: SLAB_HWCACHE_ALIGN,
  filp: SLAB_HWCACHE_ALIGN,
  // An anon_vma may be looked at by somebody who does not hold it, so its memory must stay one for a grace period.
  anon_vma: SLAB_DESTROY_BY_RCU,
  inode_cache: SLAB_RECLAIM_ACCOUNT,
};

/** Where the address of a kind's cache lies, as word offset in kernel_data. */
const slots = Object.fromEntries(
  Object.keys(objectKinds).map((kind, index) => [kind, (kernelData.offset.objects >>> 2) + index]),
) as Readonly<Record<ObjectKind, number>>;

/** Makes the caches. @throws KernelBug `cache-panic` without memory. */
export function initObjects(k: Kernel): void {
  for (const [kind, { size }] of Object.entries(objectKinds) as [ObjectKind, Struct][]) {
    const cache = kmemCacheCreate(k, { name: kind, size, flags: SLAB_PANIC | (cacheFlags[kind] ?? 0) });
    k.memory.u32[(k.data >>> 2) + slots[kind]] = cache;
  }
}

/** The slab cache of a kind, 0 on a machine without slab allocator. */
export function objectCache(k: Kernel, kind: ObjectKind): Addr {
  return k.memory.u32[(k.data >>> 2) + slots[kind]]!;
}

/** A zeroed object, or 0 when there is no memory. @throws RangeError on a machine without slab allocator. */
export function newObject(k: Kernel, kind: ObjectKind): Addr {
  const cache = objectCache(k, kind);
  if (cache === 0) throw new RangeError(`${kind}: this machine was booted without slab allocator`);
  const at = kmemCacheAlloc(k, cache, GFP_KERNEL);
  if (at !== 0) k.memory.u32.fill(0, at >>> 2, (at + objectKinds[kind].size) >>> 2);
  return at;
}

/** @throws KernelBug as `kmemCacheFree`. */
export function freeObject(k: Kernel, kind: ObjectKind, at: Addr): void {
  kmemCacheFree(k, objectCache(k, kind), at);
}
