// The structures of tmpfs and System V shared memory.
// Source:     Linux 2.6.11 linux/shmem_fs.h (shmem_inode_info, shmem_sb_info), linux/shm.h (shmid_kernel), ipc/shm.c, ipc/util.h
// Simplified: an identifier array of SHMMNI entries is a table of as many addresses as fit a page; no times, no permissions.
import { arrayOf, struct } from "../layout";
import { listHead } from "../structs";

export const SHMEM_NR_DIRECT = 16;

/** `i_indirect` and all entries of index pages are addresses of `struct page`. */
export const shmemInodeInfo = struct("shmem_inode_info", {
  /** VM_ACCOUNT: the size is charged in advance; VM_LOCKED; SHMEM_PAGEIN; SHMEM_TRUNCATE. */
  flags: "u32",
  /** Data pages allocated to the file, in memory or in swap. */
  alloced: "u32",
  swapped: "u32",
  /** Highest index ever allocated, plus 1. */
  next_index: "u32",
  i_indirect: "addr",
  /** Swap entries of pages 0..15, 0 for none. */
  i_direct: arrayOf("u32", SHMEM_NR_DIRECT),
  /** On the list of files that may have pages in swap. */
  swaplist: listHead,
  inode: "addr",
  /** Its mount, 0 for the unlimited internal one. */
  sbinfo: "addr",
  /** 512-byte blocks charged to the mount, index pages included. */
  i_blocks: "u32",
  /** The segment this file belongs to, 0 for none. */
  shm: "addr",
});

/** Limits of a mount. */
export const shmemSbInfo = struct("shmem_sb_info", {
  max_blocks: "u32",
  free_blocks: "u32",
  max_inodes: "u32",
  free_inodes: "u32",
});

export const shmidKernel = struct("shmid_kernel", {
  key: "u32",
  id: "u32",
  /** SHM_DEST, SHM_LOCKED. */
  shm_flags: "u32",
  shm_file: "addr",
  /** Bytes, as asked for. */
  shm_segsz: "u32",
  shm_nattch: "i32",
  shm_cprid: "u32",
  shm_lprid: "u32",
  /** All segments in order of creation. */
  list: listHead,
});

export const shmemData = struct("shmem_data", {
  /** shmem_swaplist: anchor of `shmem_inode_info.swaplist`. */
  swaplist: listHead,
  /** Inode number given last. */
  last_ino: "u32",
  /** Anchor of `shmid_kernel.list`. */
  segments: listHead,
  in_use: "u32",
  /** Counts segments ever made; part of the next identifier. */
  seq: "u32",
  /** Pages of all segments. */
  shm_tot: "u32",
  /** Limits: bytes of one segment, pages of all, segments. */
  shm_ctlmax: "u32",
  shm_ctlall: "u32",
  shm_ctlmni: "u32",
});
