// Start of tasks and faults.
// Source: Linux 2.6.11 init/main.c (fork_init, trap_init by what they set up)
import type { Kernel } from "../kernel";
import { initExceptionTable } from "./exception-table";
import { initTasks } from "./task";

/** Empty lists of tasks and address spaces, and the exception table. */
export function initFault(k: Kernel): void {
  initTasks(k);
  initExceptionTable(k);
}
