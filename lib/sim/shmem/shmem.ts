// tmpfs: mounts with limits, files whose pages live in memory or in swap, and the unlinked file behind shared anonymous memory.
// Theory:     memory that processes share needs something it belongs to: a file. Shared anonymous memory and System V segments get one
//             without a name on an internal mount that has no limits; it is paid for in advance against the commit limit. Files on a
//             mount of the user are paid page by page and limited by the mount.
// Source:     Linux 2.6.11 mm/shmem.c (shmem_fill_super, shmem_get_inode, shmem_file_setup, shmem_zero_setup, shmem_lock); Gorman 12.1,
//             12.5, 12.7
// Simplified: no directories and no names: a file of a mount is a `struct file` until it is unlinked. Inode numbers start at 100001.
import { iput, newInode } from "../cache/inode";
import { setPageDirtyNobuffers } from "../cache/page-cache";
import { PAGE_SIZE } from "../constants";
import { EINVAL, ENOMEM, ENOSPC } from "../errno";
import { type AddressSpaceOps, aOpsIndex, type Kernel, type VmOps, vmOpsIndex } from "../kernel";
import { kernelData } from "../kernel-data";
import { listInit } from "../list";
import type { Addr } from "../machine";
import { VM_ACCOUNT, VM_LOCKED } from "../mm/flags";
import { getVma, setVma } from "../mm/vma";
import { freeObject, newObject } from "../objects";
import { file as fileStruct, inodeKinds, inode as inodeStruct } from "../structs-mm";
import { zonesData } from "../zones/structs";
import { shmemNopage, shmemWritepage } from "./getpage";
import { SHMEM_MAX_INDEX } from "./index-path";
import { acctSize, infoAt, infoOf, unacctSize } from "./info";
import { shmemData, shmemInodeInfo, shmemSbInfo } from "./structs";
import { shmemDeleteInode } from "./truncate";

const DATA = kernelData.offset.shmem;
const FIRST_INO = 100000;
const FMODE_READ_WRITE = 3;

export interface MountOptions {
  /** Pages; 0: no limit. */
  readonly pages?: number;
  readonly inodes?: number;
}

/**
 * A tmpfs mount. By default half of the RAM in pages, and as many inodes unless low memory has fewer pages.
 * @returns its shmem_sb_info, 0 without memory.
 */
export function mountTmpfs(k: Kernel, options: MountOptions = {}): Addr {
  const w = k.memory.u32;
  const ram = (name: "totalram_pages" | "totalhigh_pages") =>
    w[(k.data + kernelData.offset.zones + zonesData.offset[name]) >>> 2]!;
  const half = Math.floor(ram("totalram_pages") / 2);
  const blocks = options.pages ?? half;
  const inodes = options.inodes ?? Math.min(ram("totalram_pages") - ram("totalhigh_pages"), half);
  const sbinfo = newObject(k, "shmem_sb_info");
  if (sbinfo === 0) return 0;
  const fields = { max_blocks: blocks, free_blocks: blocks, max_inodes: inodes, free_inodes: inodes } as const;
  for (const [name, value] of Object.entries(fields) as [keyof typeof fields, number][])
    k.memory.u32[(sbinfo + shmemSbInfo.offset[name]) >>> 2] = value;
  return sbinfo;
}

/** shmem_get_inode: an empty tmpfs file. @returns 0 without memory or without a free inode on the mount. */
function shmemInode(k: Kernel, sbinfo: Addr): Addr {
  const freeInodes = (sbinfo + shmemSbInfo.offset.free_inodes) >>> 2;
  if (sbinfo !== 0 && k.memory.u32[freeInodes] === 0) return 0;
  const info = newObject(k, "shmem_inode_cache");
  const last = (k.data + DATA + shmemData.offset.last_ino) >>> 2;
  const at = info === 0 ? 0 : newInode(k, inodeKinds.shmem, FIRST_INO + k.memory.u32[last]! + 1);
  if (at === 0) {
    if (info !== 0) freeObject(k, "shmem_inode_cache", info);
    return 0;
  }
  const w = k.memory.u32;
  w[last]! += 1;
  if (sbinfo !== 0) w[freeInodes]! -= 1;
  w[(at + inodeStruct.offset.i_private) >>> 2] = info;
  w[infoAt(info, "inode")] = at;
  w[infoAt(info, "sbinfo")] = sbinfo;
  listInit(w, info + shmemInodeInfo.offset.swaplist);
  return at;
}

/** A file on a mount, open for reading and writing. @returns it, or -ENOSPC. */
export function shmemCreate(k: Kernel, sbinfo: Addr, bytes: number): number {
  const at = shmemInode(k, sbinfo);
  if (at === 0) return -ENOSPC;
  return openFile(k, at, bytes);
}

/**
 * An unlinked file of so many bytes on the internal mount, open for reading and writing.
 * @param flags VM_ACCOUNT: the whole size is charged now. @returns the file; -EINVAL (too large), -ENOMEM, -ENOSPC.
 */
export function shmemFileSetup(k: Kernel, bytes: number, flags: number): number {
  if (bytes > SHMEM_MAX_INDEX * PAGE_SIZE) return -EINVAL;
  if (acctSize(k, flags, bytes) !== 0) return -ENOMEM;
  const at = shmemInode(k, 0);
  const opened = at === 0 ? -ENOSPC : openFile(k, at, bytes);
  if (opened < 0) {
    unacctSize(k, flags, bytes);
    return opened;
  }
  k.memory.u32[infoAt(infoOf(k, at), "flags")] = flags & VM_ACCOUNT;
  k.memory.u32[(at + inodeStruct.offset.i_nlink) >>> 2] = 0;
  return opened;
}

function openFile(k: Kernel, inode: Addr, bytes: number): number {
  const opened = newObject(k, "filp");
  const w = k.memory.u32;
  if (opened === 0) {
    w[(inode + inodeStruct.offset.i_nlink) >>> 2] = 0;
    iput(k, inode);
    return -ENOMEM;
  }
  w[(opened + fileStruct.offset.f_inode) >>> 2] = inode;
  w[(opened + fileStruct.offset.f_mode) >>> 2] = FMODE_READ_WRITE;
  w[(opened + fileStruct.offset.f_count) >>> 2] = 1;
  w[(inode + inodeStruct.offset.i_size) >>> 2] = bytes;
  if (k.events !== null)
    k.events.push({ kind: "shmem-file", ino: w[(inode + inodeStruct.offset.i_ino) >>> 2]!, bytes });
  return opened;
}

/** shmem_zero_setup: the file behind a new shared anonymous area. @returns 0 or -errno. */
export function shmemZeroSetup(k: Kernel, vma: Addr): number {
  const { u32 } = k.memory;
  const bytes = getVma(u32, vma, "vm_end") - getVma(u32, vma, "vm_start");
  const opened = shmemFileSetup(k, bytes, getVma(u32, vma, "vm_flags"));
  if (opened < 0) return opened;
  const old = getVma(k.memory.u32, vma, "vm_file");
  if (old !== 0) k.ops.fput(k, old);
  setVma(k.memory.u32, vma, "vm_file", opened);
  setVma(k.memory.u32, vma, "vm_ops", vmOpsIndex.shmem);
  return 0;
}

/** Pages of a locked file stay out of swap. */
export function shmemLock(k: Kernel, inode: Addr, lock: "lock" | "unlock"): void {
  const flags = infoAt(infoOf(k, inode), "flags");
  if (lock === "lock") k.memory.u32[flags]! |= VM_LOCKED;
  else k.memory.u32[flags]! &= ~VM_LOCKED;
}

const shmemVmOps: VmOps = { name: "shmem", open: null, close: null, nopage: shmemNopage };
const shmemAops: AddressSpaceOps = {
  name: "shmem",
  readpage: null,
  writepage: shmemWritepage,
  setPageDirty: setPageDirtyNobuffers,
};

export function initShmem(k: Kernel): void {
  const { u32 } = k.memory;
  listInit(u32, k.data + DATA + shmemData.offset.swaplist);
  k.vmOps[vmOpsIndex.shmem] = shmemVmOps;
  k.aOps[aOpsIndex.shmem] = shmemAops;
  k.ops.shmemZeroSetup = shmemZeroSetup;
  k.ops.shmemDeleteInode = shmemDeleteInode;
}
