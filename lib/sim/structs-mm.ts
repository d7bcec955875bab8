// The structures of processes, address spaces, files and caches, declared once. Field names are the kernel's.
// Source:     Linux 2.6.11 linux/mm.h (vm_area_struct), linux/sched.h (mm_struct, task_struct), linux/fs.h (file, inode,
//             address_space), linux/rmap.h (anon_vma), linux/rbtree.h, linux/radix-tree.h
// Simplified: one thread a task group; no locks. The priority trees of a file (i_mmap) are plain lists. `colour` of a tree node has
//             a word of its own instead of the low bit of the parent link.
import { arrayOf, struct } from "./layout";
import { listHead } from "./structs";

/** rb_color: 0 red, 1 black. Links are addresses of `rb_node`, 0 where there is none. */
export const rbNode = struct("rb_node", { rb_parent: "addr", rb_left: "addr", rb_right: "addr", rb_color: "u32" });

export const anonVma = struct("anon_vma", { head: listHead });

/** `vm_ops` is an index of `Kernel.vmOps`, 0 for none. */
export const vmAreaStruct = struct("vm_area_struct", {
  vm_mm: "addr",
  vm_start: "u32",
  vm_end: "u32",
  vm_next: "addr",
  vm_page_prot: "u32",
  vm_flags: "u32",
  vm_rb: rbNode,
  /** On `address_space.i_mmap` of the mapped file. */
  shared: listHead,
  /** On `anon_vma.head`. */
  anon_vma_node: listHead,
  anon_vma: "addr",
  vm_ops: "u32",
  vm_pgoff: "u32",
  vm_file: "addr",
  /** Last page number read around at (page cache read-ahead state of this mapping). */
  vm_private_data: "u32",
});

/** Counters are in pages unless the kernel says otherwise; `pgd` is the machine address of the top page table. */
export const mmStruct = struct("mm_struct", {
  mmap: "addr",
  mm_rb: "addr",
  mmap_cache: "addr",
  mmap_base: "u32",
  free_area_cache: "u32",
  /** 0 bottom-up, 1 top-down: the kernel's get_unmapped_area and unmap_area pointers. */
  top_down: "u32",
  pgd: "addr",
  mm_users: "i32",
  mm_count: "i32",
  map_count: "i32",
  /** On the list of address spaces that hold swap entries. */
  mmlist: listHead,
  start_code: "u32",
  end_code: "u32",
  start_data: "u32",
  end_data: "u32",
  start_brk: "u32",
  brk: "u32",
  start_stack: "u32",
  arg_start: "u32",
  arg_end: "u32",
  env_start: "u32",
  env_end: "u32",
  rss: "u32",
  anon_rss: "u32",
  total_vm: "u32",
  locked_vm: "u32",
  shared_vm: "u32",
  exec_vm: "u32",
  stack_vm: "u32",
  reserved_vm: "u32",
  nr_ptes: "u32",
  def_flags: "u32",
});

/** Soft limits that the memory manager asks for; index into `task_struct.rlim`. Values in bytes, RLIM_INFINITY = 0xFFFFFFFF. */
export const rlimits = { RLIMIT_DATA: 0, RLIMIT_STACK: 1, RLIMIT_MEMLOCK: 2, RLIMIT_AS: 3 } as const;

export const taskStruct = struct("task_struct", {
  pid: "i32",
  tgid: "i32",
  /** 0 running, 1 interruptible, 2 uninterruptible, 16 zombie, 32 dead. */
  state: "u32",
  /** PF_* of linux/sched.h. */
  flags: "u32",
  /** TIF_* bits: TIF_SIGPENDING, TIF_MEMDIE. */
  thread_flags: "u32",
  mm: "addr",
  active_mm: "addr",
  parent: "addr",
  children: listHead,
  sibling: listHead,
  /** On the list of all tasks, in order of creation. */
  tasks: listHead,
  /** Jiffies. */
  utime: "u32",
  stime: "u32",
  /** Seconds since boot. */
  start_time: "u32",
  /** -20..19. */
  nice: "i32",
  uid: "u32",
  euid: "u32",
  /** Bit mask of CAP_*. */
  cap_effective: "u32",
  oomkilladj: "i32",
  min_flt: "u32",
  maj_flt: "u32",
  exit_signal: "u32",
  rlim: arrayOf("u32", 4),
  comm: arrayOf("u8", 16),
  /** Saved user stack pointer, for the stack growth rule. */
  esp: "u32",
});

/** 64 slots: a page cache tree takes 6 bits of the index a level. Tags as two bit masks of 64 bits. */
export const radixTreeNode = struct("radix_tree_node", {
  count: "u32",
  dirty: arrayOf("u32", 2),
  writeback: arrayOf("u32", 2),
  slots: arrayOf("addr", 64),
});

export const addressSpace = struct("address_space", {
  host: "addr",
  /** Root of the radix tree, 0 while it is empty. */
  rnode: "addr",
  height: "u32",
  nrpages: "u32",
  i_mmap: listHead,
  /** Index of `Kernel.aOps`. */
  a_ops: "u32",
  flags: "u32",
  /** Counts truncations, so that a fault in progress notices one. */
  truncate_count: "u32",
  /** Page number where the next background write goes on. */
  writeback_index: "u32",
});

export const inodeKinds = { regular: 1, shmem: 2, swap: 3 } as const;

export const inode = struct("inode", {
  i_ino: "u32",
  /** One of `inodeKinds`. */
  i_kind: "u32",
  i_count: "i32",
  i_nlink: "i32",
  /** Bytes. */
  i_size: "u32",
  i_mapping: addressSpace,
  /** What the owner of this kind of inode keeps: shmem_inode_info and the like. */
  i_private: "addr",
  /** All inodes in order of creation. */
  i_list: listHead,
  /** I_DIRTY_* bits, and what never written blocks read as (cache/inode.ts). */
  i_state: "u32",
  i_flags: "u32",
  /** On the list of unused inodes, youngest first, while nobody holds the inode. */
  i_lru: listHead,
  /** On a list of dirty inodes; since when (jiffies). */
  i_dirty: listHead,
  dirtied_when: "u32",
});

/** Bits of `file.f_mode`. */
export const FMODE_READ = 1;
export const FMODE_WRITE = 2;

export const file = struct("file", {
  f_inode: "addr",
  f_mode: "u32",
  f_count: "i32",
  /** file_ra_state: previous page (-1 at first), hits and misses of mmap read-around, largest window in pages. */
  ra_prev_page: "u32",
  ra_mmap_hit: "u32",
  ra_mmap_miss: "u32",
  ra_pages: "u32",
  /** The window being read and the one ahead of it: first page and pages. */
  ra_start: "u32",
  ra_size: "u32",
  ra_ahead_start: "u32",
  ra_ahead_size: "u32",
  /** RA_FLAG_* bits; how many pages in a row were cached already. */
  ra_flags: "u32",
  ra_cache_hit: "u32",
});
