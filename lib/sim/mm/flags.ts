// Flags of areas and of the system calls that make them, and what they mean to each other.
// Source: Linux 2.6.11 linux/mm.h (VM_*), asm-i386/mman.h (PROT_*, MAP_*, MCL_*), linux/mman.h (MREMAP_*, calc_vm_prot_bits,
//         calc_vm_flag_bits), asm-i386/page.h (VM_DATA_DEFAULT_FLAGS), asm-i386/processor.h (TASK_SIZE, TASK_UNMAPPED_BASE),
//         linux/sched.h (DEFAULT_MAX_MAP_COUNT), linux/resource.h; domain 7.1

export const vmFlags = {
  VM_READ: 0x1,
  VM_WRITE: 0x2,
  VM_EXEC: 0x4,
  VM_SHARED: 0x8,
  VM_MAYREAD: 0x10,
  VM_MAYWRITE: 0x20,
  VM_MAYEXEC: 0x40,
  VM_MAYSHARE: 0x80,
  VM_GROWSDOWN: 0x100,
  VM_GROWSUP: 0x200,
  VM_SHM: 0x400,
  VM_DENYWRITE: 0x800,
  VM_EXECUTABLE: 0x1000,
  VM_LOCKED: 0x2000,
  VM_IO: 0x4000,
  VM_SEQ_READ: 0x8000,
  VM_RAND_READ: 0x10000,
  VM_DONTCOPY: 0x20000,
  VM_DONTEXPAND: 0x40000,
  VM_RESERVED: 0x80000,
  VM_ACCOUNT: 0x100000,
  /** Not in 2.6.11; see rules.ts. */
  VM_NORESERVE: 0x200000,
  VM_HUGETLB: 0x400000,
  VM_NONLINEAR: 0x800000,
} as const;

export const {
  VM_READ,
  VM_WRITE,
  VM_EXEC,
  VM_SHARED,
  VM_MAYREAD,
  VM_MAYWRITE,
  VM_MAYEXEC,
  VM_MAYSHARE,
  VM_GROWSDOWN,
  VM_GROWSUP,
  VM_SHM,
  VM_DENYWRITE,
  VM_EXECUTABLE,
  VM_LOCKED,
  VM_IO,
  VM_SEQ_READ,
  VM_RAND_READ,
  VM_DONTCOPY,
  VM_DONTEXPAND,
  VM_RESERVED,
  VM_ACCOUNT,
  VM_NORESERVE,
  VM_HUGETLB,
  VM_NONLINEAR,
} = vmFlags;

/** Areas that never merge. */
export const VM_SPECIAL = VM_IO | VM_DONTCOPY | VM_DONTEXPAND | VM_RESERVED;
/** What the heap gets, without a personality that makes readable pages executable. */
export const VM_DATA_DEFAULT_FLAGS = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
export const VM_STACK_FLAGS = VM_GROWSDOWN | VM_DATA_DEFAULT_FLAGS | VM_ACCOUNT;

export const PROT_NONE = 0;
export const PROT_READ = 0x1;
export const PROT_WRITE = 0x2;
export const PROT_EXEC = 0x4;
export const PROT_SEM = 0x8;
export const PROT_GROWSDOWN = 0x01000000;

export const MAP_SHARED = 0x1;
export const MAP_PRIVATE = 0x2;
export const MAP_TYPE = 0xf;
export const MAP_FIXED = 0x10;
export const MAP_ANONYMOUS = 0x20;
const MAP_GROWSDOWN = 0x100;
export const MAP_DENYWRITE = 0x800;
export const MAP_EXECUTABLE = 0x1000;
export const MAP_LOCKED = 0x2000;
export const MAP_NORESERVE = 0x4000;

export const MREMAP_MAYMOVE = 1;
export const MREMAP_FIXED = 2;

export const MCL_CURRENT = 1;
export const MCL_FUTURE = 2;

/** User space ends here, and the stack area with it. */
export const TASK_SIZE = 0xc0000000;
export const STACK_TOP = TASK_SIZE;
/** A third of user space: where a search upward begins. */
export const TASK_UNMAPPED_BASE = 0x40000000;
export const MAX_MAP_COUNT = 65536;

/** PROT_READ, WRITE and EXEC are VM_READ, WRITE and EXEC bit for bit. */
export function calcVmProtBits(prot: number): number {
  return prot & (PROT_READ | PROT_WRITE | PROT_EXEC);
}

/** MAP_GROWSDOWN, DENYWRITE, EXECUTABLE and LOCKED have their VM_ bits at the same places. */
export function calcVmFlagBits(flags: number): number {
  return flags & (MAP_GROWSDOWN | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_LOCKED);
}

/** A byte address or length rounded down to a page. */
export function pageDown(address: number): number {
  return (address & ~0xfff) >>> 0;
}

/** Rounded up to a page, as 32-bit arithmetic does it: the last page of 4 GiB rounds up to 0. */
export function pageAlign(address: number): number {
  return ((address + 0xfff) & ~0xfff) >>> 0;
}

/** `rwxp`, as /proc/<pid>/maps writes it. */
export function permissions(flags: number): string {
  const letter = (bit: number, yes: string, no = "-") => ((flags & bit) !== 0 ? yes : no);
  return letter(VM_READ, "r") + letter(VM_WRITE, "w") + letter(VM_EXEC, "x") + letter(VM_MAYSHARE, "s", "p");
}
