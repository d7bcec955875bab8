// Inodes: files as the kernel holds them in memory, and those it keeps though nobody holds them.
// Theory:     an inode with its cached pages stays in memory when its last user lets go, in case it is opened again; how long, the
//             shrinker of the inode cache decides under memory pressure. A file without a name and without users is gone.
// Source:     Linux 2.6.11 fs/inode.c (alloc_inode, iget, __iget, iput, generic_drop_inode, prune_icache, shrink_icache_memory)
// Simplified: one file system without directories; a disk inode knows its inode in memory, so there is no hash table.
import type { Kernel, Shrinker } from "../kernel";
import { aOpsIndex } from "../kernel";
import { listAdd, listAddTail, listDel, listInit } from "../list";
import type { Addr } from "../machine";
import { freeObject, newObject } from "../objects";
import { modPageState } from "../page-state";
import { currentIsKswapd } from "../reclaim/reclaim-data";
import { addressSpace, inode, inodeKinds } from "../structs-mm";
import { __GFP_FS } from "../zones/gfp";
import { cacheVar, readCache } from "./cache-data";
import { inodeDirty, markInodeClean } from "./dirty-inodes";
import { diskInodeAt, truncateBlocks } from "./disk";
import { diskInode } from "./structs";
import { invalidateInodePages, truncateInodePages } from "./truncate";

/** Pages that are written get buffers (cache/buffers.ts). */
export const I_BUFFERS = 1;

const MAPPING = inode.offset.i_mapping;
const COUNT = inode.offset.i_count >>> 2;
const NLINK = inode.offset.i_nlink >>> 2;

/** A new inode in memory with one reference and an empty page cache; 0 without memory. `kind` is one of `inodeKinds`. */
export function newInode(k: Kernel, kind: number, ino: number): Addr {
  const at = newObject(k, "inode_cache");
  if (at === 0) return 0;
  const w = k.memory.u32;
  w[(at + inode.offset.i_ino) >>> 2] = ino;
  w[(at + inode.offset.i_kind) >>> 2] = kind;
  w[(at >>> 2) + COUNT] = 1;
  w[(at >>> 2) + NLINK] = 1;
  w[(at + MAPPING + addressSpace.offset.host) >>> 2] = at;
  w[(at + MAPPING + addressSpace.offset.a_ops) >>> 2] = kind === inodeKinds.shmem ? aOpsIndex.shmem : aOpsIndex.file;
  listInit(w, at + MAPPING + addressSpace.offset.i_mmap);
  listAddTail(w, at + inode.offset.i_list, cacheVar(k, "inodes"));
  w[cacheVar(k, "nr_inodes") >>> 2]! += 1;
  return at;
}

/** The inode of a file with one more reference; 0 if there is no such file or no memory. */
export function iget(k: Kernel, ino: number): Addr {
  const disk = diskInodeAt(k, ino);
  if (disk === 0 || onDisk(k, disk, "i_nlink") === 0) return 0;
  const known = onDisk(k, disk, "i_incore");
  if (known !== 0) {
    igrab(k, known);
    return known;
  }
  const at = newInode(k, inodeKinds.regular, ino);
  if (at === 0) return 0;
  const w = k.memory.u32;
  w[(at + inode.offset.i_size) >>> 2] = onDisk(k, disk, "i_size");
  w[(at >>> 2) + NLINK] = onDisk(k, disk, "i_nlink");
  w[(at + inode.offset.i_flags) >>> 2] = onDisk(k, disk, "i_flags");
  w[(disk + diskInode.offset.i_incore) >>> 2] = at;
  return at;
}

/** One more reference; an unused inode is in use again. */
function igrab(k: Kernel, at: Addr): void {
  const w = k.memory.u32;
  if (w[(at >>> 2) + COUNT] === 0) leaveUnused(k, at);
  w[(at >>> 2) + COUNT]! += 1;
}

/** Drops a reference. The last one keeps the inode as unused, or ends the file if it has no name any more. */
export function iput(k: Kernel, at: Addr): void {
  const w = k.memory.u32;
  w[(at >>> 2) + COUNT]! -= 1;
  if (w[(at >>> 2) + COUNT]! > 0) return;
  const shmem = w[(at + inode.offset.i_kind) >>> 2] === inodeKinds.shmem;
  if (w[(at >>> 2) + NLINK]! > 0) {
    listAdd(w, at + inode.offset.i_lru, cacheVar(k, "inode_unused"));
    w[cacheVar(k, "nr_unused") >>> 2]! += 1;
    return;
  }
  if (shmem) k.ops.shmemDeleteInode(k, at);
  truncateInodePages(k, at + MAPPING, 0);
  markInodeClean(k, at);
  if (!shmem) truncateBlocks(k, inoOf(k, at), 0);
  destroyInode(k, at);
}

/** Takes a file's name away. Its contents go with its last user. */
export function unlinkFile(k: Kernel, ino: number): void {
  const at = iget(k, ino);
  if (at === 0) return;
  if (k.events !== null) k.events.push({ kind: "unlink", ino });
  k.memory.u32[(at >>> 2) + NLINK] = 0;
  k.memory.u32[(diskInodeAt(k, ino) + diskInode.offset.i_nlink) >>> 2] = 0;
  iput(k, at);
}

/** The size in bytes, in memory and on the disk. */
export function setInodeSize(k: Kernel, at: Addr, size: number): void {
  const before = k.memory.u32[(at + inode.offset.i_size) >>> 2]!;
  if (k.events !== null && before !== size)
    k.events.push({ kind: "file-size", ino: inoOf(k, at), before, after: size });
  k.memory.u32[(at + inode.offset.i_size) >>> 2] = size;
  const disk = diskInodeAt(k, inoOf(k, at));
  if (disk !== 0 && onDisk(k, disk, "i_incore") === at) k.memory.u32[(disk + diskInode.offset.i_size) >>> 2] = size;
}

/** shrink_icache_memory: gives unused inodes back, with the clean pages they still have. */
export const inodeShrinker: Shrinker = {
  name: "inode_cache",
  seeks: 2,
  shrink(k, nr, gfp) {
    if (nr > 0) {
      if ((gfp & __GFP_FS) === 0) return -1;
      pruneIcache(k, nr);
    }
    return Math.floor(readCache(k, "nr_unused") / 100) * 100;
  },
};

/** prune_icache: looks at the oldest `nr` unused inodes. One that is dirty, or whose pages do not all go, is the youngest again. */
export function pruneIcache(k: Kernel, nr: number): void {
  const head = cacheVar(k, "inode_unused");
  let steal = 0;
  for (let scanned = 0; scanned < nr && k.memory.u32[head >>> 2] !== head; scanned++) {
    const at = k.memory.u32[(head >>> 2) + 1]! - inode.offset.i_lru;
    const nrpages = (at + MAPPING + addressSpace.offset.nrpages) >>> 2;
    if (k.memory.u32[nrpages]! > 0) steal += invalidateInodePages(k, at + MAPPING);
    if (k.memory.u32[nrpages]! > 0 || inodeDirty(k, at)) {
      listDel(k.memory.u32, at + inode.offset.i_lru);
      listAdd(k.memory.u32, at + inode.offset.i_lru, head);
      continue;
    }
    leaveUnused(k, at);
    const disk = diskInodeAt(k, inoOf(k, at));
    if (disk !== 0) k.memory.u32[(disk + diskInode.offset.i_incore) >>> 2] = 0;
    if (k.events !== null) k.events.push({ kind: "inode-pruned", ino: inoOf(k, at) });
    destroyInode(k, at);
  }
  modPageState(k, currentIsKswapd(k) ? "kswapd_inodesteal" : "pginodesteal", steal);
}

function leaveUnused(k: Kernel, at: Addr): void {
  listDel(k.memory.u32, at + inode.offset.i_lru);
  k.memory.u32[cacheVar(k, "nr_unused") >>> 2]! -= 1;
}

function destroyInode(k: Kernel, at: Addr): void {
  listDel(k.memory.u32, at + inode.offset.i_list);
  k.memory.u32[cacheVar(k, "nr_inodes") >>> 2]! -= 1;
  freeObject(k, "inode_cache", at);
}

function inoOf(k: Kernel, at: Addr): number {
  return k.memory.u32[(at + inode.offset.i_ino) >>> 2]!;
}

function onDisk(k: Kernel, disk: Addr, name: keyof typeof diskInode.offset): number {
  return k.memory.u32[(disk + diskInode.offset[name]) >>> 2]!;
}
