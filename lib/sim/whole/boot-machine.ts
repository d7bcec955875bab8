// A machine with a first program: what stands there when the boot messages end.
// Source:     Linux 2.6.11 init/main.c (start_kernel, init)
// Simplified: the program is a made-up ELF file of one page of text and one of data, the same for every task.
import { createFile, fput, openFile } from "../cache/file";
import { PAGE_SIZE } from "../constants";
import { createKernel, type KernelOptions } from "../create-kernel";
import type { SimEvent } from "../events";
import { doExec } from "../fault/exec";
import { newTask, switchTo } from "../fault/task";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import type { Memory } from "../memory";
import { PROT_EXEC, PROT_READ, PROT_WRITE } from "../mm/flags";
import { runKswapd } from "../reclaim/vmscan";
import { settle } from "./settle";

/** Inode number of the program file: the first file that is made. */
export const PROGRAM_INO = 1;
const TEXT = 0x08048000;

/** Boots, makes the program file and starts init (pid 1). @throws RangeError as `createKernel`; KernelBug if there is no room for init. */
export function bootMachine(options: KernelOptions, memory?: Memory, bootEvents: SimEvent[] | null = null): Kernel {
  const k = createKernel(options, memory, bootEvents);
  // kswapd is more urgent than any program.
  k.ops.condResched = runKswapd;
  createFile(k, { pages: 2 });
  const init = newTask(k, "init");
  const result = init === 0 ? -1 : execProgram(k, init, "init");
  if (result !== 0) throw new KernelBug("no-init", { result });
  switchTo(k, 0);
  settle(k);
  return k;
}

/** The task runs the program under the name `comm`. @returns 0 or -errno; the task may be dead then. */
export function execProgram(k: Kernel, task: Addr, comm: string): number {
  const file = openFile(k, PROGRAM_INO);
  if (file === 0) return -12;
  const result = doExec(
    k,
    task,
    {
      file,
      segments: [
        { vaddr: TEXT, offset: 0, fileBytes: PAGE_SIZE, memoryBytes: PAGE_SIZE, prot: PROT_READ | PROT_EXEC },
        {
          vaddr: TEXT + PAGE_SIZE,
          offset: PAGE_SIZE,
          fileBytes: PAGE_SIZE,
          memoryBytes: 2 * PAGE_SIZE,
          prot: PROT_READ | PROT_WRITE,
        },
      ],
      dynamic: false,
      argBytes: 64,
    },
    comm,
  );
  fput(k, file);
  return result;
}
