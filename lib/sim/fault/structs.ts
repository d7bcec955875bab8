// Global variables of tasks and faults.
// Source: Linux 2.6.11 linux/sched.h (init_task, last_pid), kernel/fork.c, arch/i386/kernel/head.S (empty_zero_page),
//         asm-i386/uaccess.h (exception_table_entry), linux/sched.h (init_mm.mmlist)
import { arrayOf, struct } from "../layout";
import { listHead } from "../structs";

/** An instruction that may fault, and where the program goes on if it does. */
export const exceptionTableEntry = struct("exception_table_entry", { insn: "u32", fixup: "u32" });
export const EXTABLE_ENTRIES = 8;

export const faultData = struct("fault_data", {
  /** Anchor of `task_struct.tasks`: all tasks in order of creation. */
  tasks: listHead,
  /** Anchor of `mm_struct.mmlist`: address spaces that may hold swap entries (the kernel's anchor is init_mm). */
  mmlist: listHead,
  last_pid: "u32",
  nr_tasks: "u32",
  /** pid 1, which takes in orphans; 0 before there is one. */
  child_reaper: "addr",
  /** Frame number plus 1 of the shared page of zeros, 0 before anybody asked for it: frame 0 may be an ordinary page. */
  zero_page: "u32",
  /** Where the kernel's own instruction will go on: the saved eip that a fixup changes. */
  eip: "u32",
  /** Task whose page directory the CPU was given last. */
  running: "addr",
  nr_extable: "u32",
  extable: arrayOf(exceptionTableEntry, EXTABLE_ENTRIES),
});
