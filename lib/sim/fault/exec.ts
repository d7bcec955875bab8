// exec: the same task, another program, a new address space.
// Theory:     everything that can fail without harm is done first. Then the old address space is given up: from there on a failure can
//             only kill the task, because there is no program left to return to.
// Source:     Linux 2.6.11 fs/exec.c (do_execve, flush_old_exec, exec_mmap, install_arg_page), fs/binfmt_elf.c (load_elf_binary,
//             padzero); Gorman 4.3
// Simplified: arguments are a number of bytes; no interpreter, no file descriptors, no credentials.
import { PAGE_SIZE } from "../constants";
import { current } from "../current";
import { EFAULT, ENOMEM } from "../errno";
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { findVma } from "../mm/find-vma";
import { STACK_TOP } from "../mm/flags";
import { type ElfProgram, mapProgram, pickMmapLayout } from "../mm/layout";
import { mmAlloc } from "../mm/mm";
import { addMm, getMm } from "../mm/vma";
import { pteAlloc } from "../mmu/pgtable";
import { readPte, writePte } from "../mmu/pte";
import { SIGKILL } from "../signal";
import { anonVmaPrepare } from "./anon-vma-prepare";
import { doExit } from "./exit";
import { adoptAnonPage, allocZeroedUserPage, writtenPte } from "./install";
import { mmput } from "./mmput";
import { getTask, setComm, setTask, switchTo } from "./task";
import { clearUser } from "./uaccess";

/**
 * The task starts the program: it becomes the current task. `comm` is its new name.
 * @returns 0; -ENOMEM with the old program untouched; another -errno when the task was killed.
 */
export function doExec(k: Kernel, task: Addr, program: ElfProgram, comm: string): number {
  const mm = mmAlloc(k);
  if (mm === 0) return -ENOMEM;
  if (current(k) !== task) switchTo(k, task);
  const from = execMmap(k, task, mm);
  setComm(k, task, comm);
  pickMmapLayout(k, mm);
  const error = load(k, task, mm, program);
  if (error !== 0) {
    doExit(k, task, SIGKILL);
    return error;
  }
  k.events?.push({ kind: "task-exec", pid: getTask(k.memory.u32, task, "pid"), from, to: mm });
  return 0;
}

/** A program without a file: an address space with a stack only, for lessons that map everything themselves. @returns 0 or -errno. */
export function giveAddressSpace(k: Kernel, task: Addr): number {
  const mm = mmAlloc(k);
  if (mm === 0) return -ENOMEM;
  const before = current(k);
  execMmap(k, task, mm);
  switchTo(k, task);
  pickMmapLayout(k, mm);
  if (before !== task) switchTo(k, before);
  return 0;
}

/** exec_mmap: the new address space takes the place of the old one. @returns the old one, 0 if there was none. */
function execMmap(k: Kernel, task: Addr, mm: Addr): Addr {
  const old = getTask(k.memory.u32, task, "mm");
  setTask(k.memory.u32, task, "mm", mm);
  setTask(k.memory.u32, task, "active_mm", mm);
  if (current(k) === task) switchTo(k, task);
  if (old !== 0) mmput(k, old);
  return old;
}

function load(k: Kernel, task: Addr, mm: Addr, program: ElfProgram): number {
  const error = mapProgram(k, mm, program);
  if (error !== 0) return error;
  const esp = (STACK_TOP - Math.max(program.argBytes, 4)) & ~15;
  for (let at = (esp & -PAGE_SIZE) >>> 0; at < STACK_TOP; at += PAGE_SIZE)
    if (!installArgPage(k, mm, at)) return -ENOMEM;
  setTask(k.memory.u32, task, "esp", esp >>> 0);
  return zeroBssStart(k, program);
}

/** A page of arguments at the top of the stack: written already, so it is there before the first fault. */
function installArgPage(k: Kernel, mm: Addr, address: number): boolean {
  const vma = findVma(k, mm, address);
  if (vma === 0 || !anonVmaPrepare(k, vma)) return false;
  const ptep = pteAlloc(k, mm, address);
  const page = ptep === 0 ? 0 : allocZeroedUserPage(k);
  if (page === 0) return false;
  addMm(k.memory.u32, mm, "rss", 1);
  adoptAnonPage(k, { mm, vma, address, ptep, entry: readPte(k, ptep), write: true }, page);
  writePte(k, ptep, writtenPte(k, vma, pageToPfn(k, page)));
  return true;
}

/** padzero: the rest of the last page of the file part belongs to the bss and must read as zeros. */
function zeroBssStart(k: Kernel, { segments, dynamic }: ElfProgram): number {
  const last = segments.reduce<ElfProgram["segments"][number] | null>(
    (best, each) => (best === null || each.vaddr + each.fileBytes > best.vaddr + best.fileBytes ? each : best),
    null,
  );
  if (last === null || last.memoryBytes <= last.fileBytes) return 0;
  const mm = getTask(k.memory.u32, current(k), "mm");
  const bss = dynamic ? getMm(k.memory.u32, mm, "end_data") : last.vaddr + last.fileBytes;
  const rest = (PAGE_SIZE - (bss % PAGE_SIZE)) % PAGE_SIZE;
  return rest === 0 || clearUser(k, bss, rest) === 0 ? 0 : -EFAULT;
}
