// What can be done to the whole machine, as data: system calls of its programs, requests of the kernel itself, and time.
// Theory: a workload is a list of such operations. Results are numbers as the kernel returns them, so a script can be written down,
//         replayed, shrunk and shared.

/** Protection of a mapping as /proc/pid/maps would show it. */
export const protections = ["none", "r", "rw", "rx", "rwx"] as const;
export type Protection = (typeof protections)[number];

export const gfpNames = ["kernel", "atomic", "dma", "highuser", "nofs"] as const;
export type GfpName = (typeof gfpNames)[number];

export type MachineOp =
  /** A child of init runs a program: fork and exec. Result: its pid. */
  | { readonly op: "spawn"; readonly comm: string }
  | { readonly op: "fork"; readonly pid: number }
  | { readonly op: "exec"; readonly pid: number; readonly comm: string }
  | { readonly op: "exit"; readonly pid: number }
  /** The parent asks for a dead child. Result: the child's pid, 0 if none is dead. */
  | { readonly op: "wait"; readonly pid: number }
  /** `ino` 0: anonymous. Result: the address. */
  | {
      readonly op: "mmap";
      readonly pid: number;
      readonly pages: number;
      readonly prot: Protection;
      readonly share: "private" | "shared";
      readonly ino: number;
    }
  | { readonly op: "munmap"; readonly pid: number; readonly address: number; readonly pages: number }
  | {
      readonly op: "mprotect";
      readonly pid: number;
      readonly address: number;
      readonly pages: number;
      readonly prot: Protection;
    }
  /** Result: the new end of the heap. */
  | { readonly op: "brk"; readonly pid: number; readonly address: number }
  /** One byte of each page is read or written. Result: how many pages faulted; stops when the task dies. */
  | {
      readonly op: "touch";
      readonly pid: number;
      readonly address: number;
      readonly pages: number;
      readonly how: "read" | "write";
    }
  /** A word. Result of a read: its value; -EFAULT if the task did not survive it. */
  | { readonly op: "write"; readonly pid: number; readonly address: number; readonly value: number }
  | { readonly op: "read"; readonly pid: number; readonly address: number }
  /** A new file on the disk. Result: its inode number. */
  | { readonly op: "file"; readonly pages: number }
  | { readonly op: "fread"; readonly ino: number; readonly page: number; readonly pages: number }
  | { readonly op: "fwrite"; readonly ino: number; readonly page: number; readonly pages: number }
  /** The kernel itself. Results: kernel addresses, page numbers. */
  | { readonly op: "kmalloc"; readonly bytes: number }
  | { readonly op: "kfree"; readonly address: number }
  | { readonly op: "vmalloc"; readonly bytes: number }
  | { readonly op: "vfree"; readonly address: number }
  | { readonly op: "alloc"; readonly gfp: GfpName; readonly order: number }
  | { readonly op: "free"; readonly pfn: number; readonly order: number }
  /** A new disk of so many pages. Result: the number of the area. */
  | { readonly op: "swapon"; readonly pages: number }
  | { readonly op: "swapoff"; readonly area: number }
  /** Time passes: timers, writeback, reaping. */
  | { readonly op: "tick"; readonly ms: number };

export type MachineOpName = MachineOp["op"];
