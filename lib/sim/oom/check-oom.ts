// What must hold for promises and victims after every operation.
// Source: domain 11.5; Linux 2.6.11 mm/mmap.c (VM_ACCOUNT), mm/shmem.c (shmem_acct_size, shmem_acct_block), mm/oom_kill.c
import { getTask, taskList } from "../fault/task";
import { addressSpaces } from "../fault/user-entries";
import type { Finding } from "../finding";
import type { Kernel } from "../kernel";
import { VM_ACCOUNT } from "../mm/flags";
import { getVma, vmaPages } from "../mm/vma";
import { walkVmas } from "../mm/walk-vmas";
import { infoAt, pagesOf, sizeOfInode } from "../shmem/info";
import { tmpfsFiles } from "../shmem/walk-files";
import { candidateOf } from "./oom-kill";
import { committedPages } from "./overcommit";

/** Every rule that is broken; empty when all is well. Linear in areas, files and tasks; never throws. */
export function checkOom(k: Kernel): Finding[] {
  const findings: Finding[] = [];
  const counted = chargedPages(k);
  if (counted !== committedPages(k)) findings.push({ rule: "committed", args: { stored: committedPages(k), counted } });
  const victims = new Set<number>();
  for (const task of taskList(k)) {
    const { dying, pid } = candidateOf(k, task);
    const mm = getTask(k.memory.u32, task, "mm");
    if (dying && pid > 1 && mm !== 0) victims.add(mm);
  }
  if (victims.size > 1) findings.push({ rule: "oom-victims", args: { counted: victims.size } });
  return findings;
}

/** Areas with VM_ACCOUNT, tmpfs files that were paid in advance, and the pages of those that were not. */
function chargedPages(k: Kernel): number {
  const w = k.memory.u32;
  let pages = 0;
  for (const mm of addressSpaces(k)) {
    for (const vma of walkVmas(k, mm)) if ((getVma(w, vma, "vm_flags") & VM_ACCOUNT) !== 0) pages += vmaPages(w, vma);
  }
  for (const { inode, info } of tmpfsFiles(k)) {
    const inAdvance = (w[infoAt(info, "flags")]! & VM_ACCOUNT) !== 0;
    pages += inAdvance ? pagesOf(sizeOfInode(k, inode)) : w[infoAt(info, "alloced")]!;
  }
  return pages;
}
