// One operation on the whole machine: a table from its name to the part that does it.
// Theory: a system call runs as its task and returns what the kernel returns. Whatever was woken by it runs afterwards (settle.ts).
import { createFile, fput, openFile } from "../cache/file";
import { fileWrite } from "../cache/file-write";
import { fileRead } from "../cache/filemap";
import { PAGE_SIZE } from "../constants";
import { EBADF, EFAULT, EINVAL, ENOMEM, ESRCH } from "../errno";
import { access, accessWord } from "../fault/access";
import { doExit, doWait } from "../fault/exit";
import { doFork } from "../fault/fork";
import { faultVar, findTask, getTask, setComm, switchTo, taskStates } from "../fault/task";
import { machineAddress, pageToPfn, pfnToPage, virtOf } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import { sysBrk } from "../mm/brk";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PROT_EXEC, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { mprotect } from "../mm/mprotect";
import { doMunmap } from "../mm/munmap";
import { kfree, kmalloc } from "../slab/kmalloc";
import { addSwap, swapoff } from "../swap/area";
import { vfree, vmalloc } from "../vmalloc/vmalloc";
import { allocPages, freePages } from "../zones/alloc-pages";
import { GFP_ATOMIC, GFP_DMA, GFP_HIGHUSER, GFP_KERNEL, GFP_NOFS } from "../zones/gfp";
import { execProgram } from "./boot-machine";
import type { GfpName, MachineOp, MachineOpName, Protection } from "./op";
import { passTime, settle } from "./settle";

const protBits: Readonly<Record<Protection, number>> = {
  none: 0,
  r: PROT_READ,
  rw: PROT_READ | PROT_WRITE,
  rx: PROT_READ | PROT_EXEC,
  rwx: PROT_READ | PROT_WRITE | PROT_EXEC,
};

export const gfpBits: Readonly<Record<GfpName, number>> = {
  kernel: GFP_KERNEL,
  atomic: GFP_ATOMIC,
  dma: GFP_KERNEL | GFP_DMA,
  highuser: GFP_HIGHUSER,
  nofs: GFP_NOFS,
};

type Run = { readonly [N in MachineOpName]: (k: Kernel, op: Extract<MachineOp, { op: N }>) => number };

/**
 * Does one operation and lets everything that it woke run to its end. The kernel itself is current afterwards.
 * @returns what the kernel returns: a number of the operation's kind (op.ts), 0, or -errno; -ESRCH for a pid that is not alive.
 * @throws KernelBug where the kernel would stop; `init-dead` when pid 1 is gone.
 */
export function runOp(k: Kernel, op: MachineOp): number {
  // The table has one entry for each name, taking exactly that operation.
  const run = table[op.op] as (k: Kernel, op: MachineOp) => number;
  const result = run(k, op);
  switchTo(k, 0);
  settle(k);
  if (k.memory.u32[faultVar(k, "child_reaper") >>> 2] === 0) throw new KernelBug("init-dead", {});
  return result;
}

/** Runs as the task, if it is alive. */
function as(k: Kernel, pid: number, run: (task: Addr, mm: Addr) => number): number {
  const task = findTask(k, pid);
  const mm = task === 0 ? 0 : getTask(k.memory.u32, task, "mm");
  if (mm === 0) return -ESRCH;
  switchTo(k, task);
  return run(task, mm);
}

function pidOf(k: Kernel, task: number): number {
  return task < 0 ? task : getTask(k.memory.u32, task, "pid");
}

const table: Run = {
  spawn: (k, { comm }) =>
    as(k, 1, (init) => {
      const child = doFork(k, init, 0);
      if (child < 0) return child;
      const pid = pidOf(k, child);
      const result = execProgram(k, child, comm);
      if (result === 0) return pid;
      if (findTask(k, pid) !== 0) doExit(k, child, 0);
      return result;
    }),
  fork: (k, { pid }) => as(k, pid, (task) => pidOf(k, doFork(k, task, 0))),
  exec: (k, { pid, comm }) => as(k, pid, (task) => execProgram(k, task, comm)),
  exit: (k, { pid }) => {
    const task = findTask(k, pid);
    if (task === 0 || (getTask(k.memory.u32, task, "state") & taskStates.zombie) !== 0) return -ESRCH;
    doExit(k, task, 0);
    return 0;
  },
  wait: (k, { pid }) => {
    const task = findTask(k, pid);
    return task === 0 ? -ESRCH : doWait(k, task);
  },
  mmap: (k, { pid, pages, prot, share, ino }) =>
    as(k, pid, (_task, mm) => {
      const file = ino === 0 ? 0 : openFile(k, ino);
      if (ino !== 0 && file === 0) return -EBADF;
      const flags = (share === "shared" ? MAP_SHARED : MAP_PRIVATE) | (ino === 0 ? MAP_ANONYMOUS : 0);
      const address = doMmap(k, mm, { addr: 0, len: pages * PAGE_SIZE, prot: protBits[prot], flags, file, pgoff: 0 });
      if (file !== 0) fput(k, file);
      return address;
    }),
  munmap: (k, { pid, address, pages }) => as(k, pid, (_task, mm) => doMunmap(k, mm, address, pages * PAGE_SIZE)),
  mprotect: (k, { pid, address, pages, prot }) =>
    as(k, pid, (_task, mm) => mprotect(k, mm, address, pages * PAGE_SIZE, protBits[prot])),
  brk: (k, { pid, address }) => as(k, pid, (_task, mm) => sysBrk(k, mm, address)),
  touch: (k, { pid, address, pages, how }) => {
    let faulted = 0;
    for (let page = 0; page < pages; page++) {
      const task = findTask(k, pid);
      if (task === 0 || getTask(k.memory.u32, task, "mm") === 0) return page === 0 ? -ESRCH : faulted;
      const { end, faults } = access(k, task, address + page * PAGE_SIZE, how, page & 0xff);
      if (faults.length > 0) faulted++;
      if (end === "killed") return faulted;
      // kswapd runs beside the program, not after it.
      settle(k);
    }
    return faulted;
  },
  write: (k, { pid, address, value }) =>
    as(k, pid, (task) => {
      const { end } = accessWord(k, task, address, "write", value);
      return end === "done" ? 0 : -EFAULT;
    }),
  read: (k, { pid, address }) =>
    as(k, pid, (task) => {
      const { end, value } = accessWord(k, task, address, "read");
      return end === "done" ? value : -EFAULT;
    }),
  file: (k, { pages }) => createFile(k, { pages }),
  fread: (k, { ino, page, pages }) =>
    onFile(k, ino, (file) => fileRead(k, file, page * PAGE_SIZE, new Uint8Array(pages * PAGE_SIZE))),
  fwrite: (k, { ino, page, pages }) =>
    onFile(k, ino, (file) => fileWrite(k, file, page * PAGE_SIZE, new Uint8Array(pages * PAGE_SIZE).fill(page + 1))),
  kmalloc: (k, { bytes }) => {
    const at = kmalloc(k, bytes, GFP_KERNEL);
    return at === 0 ? -ENOMEM : virtOf(k, at);
  },
  kfree: (k, { address }) => {
    kfree(k, machineAddress(k, address));
    return 0;
  },
  vmalloc: (k, { bytes }) => vmalloc(k, bytes) || -ENOMEM,
  vfree: (k, { address }) => {
    vfree(k, address);
    return 0;
  },
  alloc: (k, { gfp, order }) => {
    const page = allocPages(k, gfpBits[gfp], order);
    return page === 0 ? -ENOMEM : pageToPfn(k, page);
  },
  free: (k, { pfn, order }) => {
    const page = pfnToPage(k, pfn);
    if (page === 0) return -EINVAL;
    freePages(k, page, order);
    return 0;
  },
  swapon: (k, { pages }) => addSwap(k, pages),
  swapoff: (k, { area }) =>
    as(k, 1, (init) => {
      const child = doFork(k, init, 0);
      return child < 0 ? child : runSwapoff(k, child, area);
    }),
  tick: (k, { ms }) => {
    passTime(k, ms);
    return 0;
  },
};

/** The command is a program of its own: if memory runs out on the way, it is the one that is killed. */
function runSwapoff(k: Kernel, child: Addr, area: number): number {
  setComm(k, child, "swapoff");
  switchTo(k, child);
  const pid = pidOf(k, child);
  const result = swapoff(k, area);
  const task = findTask(k, pid);
  if (task !== 0 && getTask(k.memory.u32, task, "mm") !== 0) doExit(k, task, 0);
  doWait(k, findTask(k, 1));
  return result;
}

function onFile(k: Kernel, ino: number, run: (file: Addr) => number): number {
  const file = openFile(k, ino);
  if (file === 0) return -EBADF;
  const result = run(file);
  fput(k, file);
  return result;
}
