// Start of tasks and faults.
// Source: Linux 2.6.11 init/main.c (fork_init, trap_init by what they set up), arch/i386/kernel/head.S (empty_zero_page lies behind
//         swapper_pg_dir, at the end of the image)
import { PAGE_SIZE } from "../constants";
import { pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import { testPageFlag } from "../page-fields";
import { initExceptionTable } from "./exception-table";
import { initTasks } from "./task";
import { setZeroPfn } from "./zero-page";

/** Empty lists of tasks and address spaces, the exception table, and the zero page if the machine has a kernel image. */
export function initFault(k: Kernel): void {
  initTasks(k);
  initExceptionTable(k);
  const { boot } = k.config;
  if (boot.kind !== "e820") return;
  const last = Math.ceil(boot.imageEnd / PAGE_SIZE) - 1;
  const page = pfnToPage(k, last);
  if (page !== 0 && testPageFlag(k, page, "PG_reserved")) setZeroPfn(k, last);
}
