// Kernel objects of fixed size: vm_area_struct, mm_struct and the like. Everything that needs one asks here.
import { PAGE_SIZE } from "./constants";
import { frameAt, pageToPfn } from "./frames";
import type { Kernel } from "./kernel";
import { kernelData } from "./kernel-data";
import type { Struct } from "./layout";
import type { Addr } from "./machine";
import { shmemInodeInfo, shmemSbInfo, shmidKernel } from "./shmem/structs";
import { anonVma, file, inode, mmStruct, radixTreeNode, taskStruct, vmAreaStruct } from "./structs-mm";
import { allocPages, GFP_KERNEL } from "./zones/alloc-pages";

/** The kinds of objects, by the name of their slab cache. */
export const objectKinds = {
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
const order = Object.keys(objectKinds) as readonly ObjectKind[];

/** A zeroed object, or 0 when there is no memory. */
export function newObject(k: Kernel, kind: ObjectKind): Addr {
  const { size } = objectKinds[kind];
  const head = (k.data + kernelData.offset.objects + order.indexOf(kind) * 4) >>> 2;
  if (k.memory.u32[head] === 0 && !carve(k, head, size)) return 0;
  const w = k.memory.u32;
  const at = w[head]!;
  w[head] = w[at >>> 2]!;
  w.fill(0, at >>> 2, (at + size) >>> 2);
  return at;
}

export function freeObject(k: Kernel, kind: ObjectKind, at: Addr): void {
  const head = (k.data + kernelData.offset.objects + order.indexOf(kind) * 4) >>> 2;
  k.memory.u32[at >>> 2] = k.memory.u32[head]!;
  k.memory.u32[head] = at;
}

function carve(k: Kernel, head: number, size: number): boolean {
  const page = allocPages(k, GFP_KERNEL, 0);
  if (page === 0) return false;
  const start = frameAt(k, pageToPfn(k, page));
  const w = k.memory.u32;
  for (let index = Math.floor(PAGE_SIZE / size) - 1; index >= 0; index--) {
    w[(start + index * size) >>> 2] = w[head]!;
    w[head] = start + index * size;
  }
  return true;
}
