// System V shared memory: segments that processes find by a key and attach to their address spaces.
// Theory:     a segment is an unlinked tmpfs file, paid for in advance; attaching it is a shared mapping of that file. The segment lives
//             until somebody removes it and the last process has let go: IPC_RMID only takes its key away while it is attached.
// Source:     Linux 2.6.11 ipc/shm.c (sys_shmget, newseg, do_shmat, sys_shmdt, shm_open, shm_close, shm_destroy, sys_shmctl),
//             ipc/util.c (ipc_addid, ipc_findkey); Gorman 12.7
// Simplified: no permissions and no times; a segment is found by a walk over the list instead of an array by identifier. The mode
//             bits of the flags are ignored.
import { PAGE_SHIFT, PAGE_SIZE } from "../constants";
import { current } from "../current";
import { EEXIST, EINVAL, ENOENT, ENOMEM, ENOSPC } from "../errno";
import { getTask } from "../fault/task";
import { canHold } from "../frames";
import { type Kernel, type VmOps, vmOpsIndex } from "../kernel";
import { kernelData } from "../kernel-data";
import { listAddTail, listDel, listInit } from "../list";
import type { Addr } from "../machine";
import { findVma } from "../mm/find-vma";
import { MAP_FIXED, MAP_SHARED, PROT_EXEC, PROT_READ, PROT_WRITE, VM_ACCOUNT } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { doMunmap } from "../mm/munmap";
import { getMm, getVma, setVma } from "../mm/vma";
import { freeObject, newObject } from "../objects";
import { file as fileStruct } from "../structs-mm";
import { shmemNopage } from "./getpage";
import { infoAt, infoOf, pagesOf, sizeOfInode } from "./info";
import { shmemFileSetup, shmemLock } from "./shmem";
import { shmemData, shmidKernel } from "./structs";

export const IPC_PRIVATE = 0;
export const IPC_CREAT = 0o1000;
export const IPC_EXCL = 0o2000;
export const SHM_RDONLY = 0o10000;
export const SHM_RND = 0o20000;
export const SHM_REMAP = 0o40000;
const SHM_EXEC = 0o100000;
/** Attach addresses are multiples of this. */
const SHMLBA = PAGE_SIZE;
/** Bits of `shm_flags`: removed but still attached; kept out of swap. */
export const SHM_DEST = 0o1000;
export const SHM_LOCKED = 0o2000;

const SHMMIN = 1;
export const SHMMAX = 0x2000000;
const SHMMNI = 4096;
export const SHMALL = (SHMMAX / PAGE_SIZE) * (SHMMNI / 16);
const IPCMNI = 32768;
const MAX_SEQ = 65536;
/** Room for the stack to grow below which nothing may be attached, in bytes. */
const STACK_ROOM = PAGE_SIZE * 5;
const DATA = kernelData.offset.shmem;
const LIST = shmidKernel.offset.list;

const shmVar = (k: Kernel, name: keyof typeof shmemData.fields): number =>
  (k.data + DATA + shmemData.offset[name]) >>> 2;
const at = (shp: Addr, name: keyof typeof shmidKernel.fields): number => (shp + shmidKernel.offset[name]) >>> 2;

export function initSysv(k: Kernel): void {
  const w = k.memory.u32;
  listInit(w, k.data + DATA + shmemData.offset.segments);
  w[shmVar(k, "shm_ctlmax")] = SHMMAX;
  w[shmVar(k, "shm_ctlall")] = SHMALL;
  w[shmVar(k, "shm_ctlmni")] = SHMMNI;
  k.vmOps[vmOpsIndex.shm] = shmVmOps;
}

/** All segments in order of creation; a damaged list is followed until it leads nowhere or back. */
export function segments(k: Kernel): Addr[] {
  const w = k.memory.u32;
  const anchor = k.data + DATA + shmemData.offset.segments;
  const found = new Set<Addr>();
  for (let link = w[anchor >>> 2]!; link !== anchor; link = w[link >>> 2]!) {
    if (found.has(link - LIST) || !canHold(k, link - LIST, shmidKernel.size)) break;
    found.add(link - LIST);
  }
  return [...found];
}

/** The segment with that identifier, 0 if there is none (any more). */
export function findSegment(k: Kernel, id: number): Addr {
  return segments(k).find((shp) => k.memory.u32[at(shp, "id")] === id) ?? 0;
}

/**
 * The identifier of the segment with that key, made if `flags` say so.
 * @returns -EINVAL (size outside 1..shmmax, or larger than the segment is), -ENOSPC (a limit), -ENOMEM, -ENOENT, -EEXIST.
 */
export function shmget(k: Kernel, key: number, size: number, flags: number): number {
  const id = key === IPC_PRIVATE ? newSegment(k, key, size) : findOrMake(k, key, size, flags);
  if (id < 0) return refuse(k, "shmget", id);
  return id;
}

function findOrMake(k: Kernel, key: number, size: number, flags: number): number {
  const w = k.memory.u32;
  const shp = segments(k).find((each) => w[at(each, "key")] === key >>> 0);
  if (shp === undefined) return (flags & IPC_CREAT) === 0 ? -ENOENT : newSegment(k, key, size);
  if ((flags & (IPC_CREAT | IPC_EXCL)) === (IPC_CREAT | IPC_EXCL)) return -EEXIST;
  if (w[at(shp, "shm_segsz")]! < size) return -EINVAL;
  const id = w[at(shp, "id")]!;
  if (k.events !== null) k.events.push({ kind: "shm-get", id, bytes: w[at(shp, "shm_segsz")]!, created: false });
  return id;
}

function newSegment(k: Kernel, key: number, size: number): number {
  const pages = pagesOf(size);
  if (size < SHMMIN || size > k.memory.u32[shmVar(k, "shm_ctlmax")]!) return -EINVAL;
  if (k.memory.u32[shmVar(k, "shm_tot")]! + pages >= k.memory.u32[shmVar(k, "shm_ctlall")]!) return -ENOSPC;
  const shp = newObject(k, "shmid_kernel");
  if (shp === 0) return -ENOMEM;
  const opened = shmemFileSetup(k, size, VM_ACCOUNT);
  const slot = freeSlot(k);
  if (opened < 0 || slot < 0) {
    if (opened > 0) k.ops.fput(k, opened);
    freeObject(k, "shmid_kernel", shp);
    return opened < 0 ? opened : -ENOSPC;
  }
  const w = k.memory.u32;
  const seq = w[shmVar(k, "seq")]!;
  w[shmVar(k, "seq")] = (seq + 1) % MAX_SEQ;
  const id = (IPCMNI * seq + slot) % 2 ** 31;
  w[at(shp, "key")] = key;
  w[at(shp, "id")] = id;
  w[at(shp, "shm_file")] = opened;
  w[at(shp, "shm_segsz")] = size;
  w[at(shp, "shm_cprid")] = pidOf(k);
  w[infoAt(infoOf(k, inodeOf(k, opened)), "shm")] = shp;
  listAddTail(w, shp + LIST, k.data + DATA + shmemData.offset.segments);
  w[shmVar(k, "in_use")]! += 1;
  w[shmVar(k, "shm_tot")]! += pages;
  if (k.events !== null) k.events.push({ kind: "shm-get", id, bytes: size, created: true });
  return id;
}

/** ipc_addid: the lowest place that no segment has, -1 if all are taken. */
function freeSlot(k: Kernel): number {
  const most = k.memory.u32[shmVar(k, "shm_ctlmni")]!;
  const taken = new Set(segments(k).map((shp) => k.memory.u32[at(shp, "id")]! % IPCMNI));
  for (let slot = 0; slot < most; slot++) if (!taken.has(slot)) return slot;
  return -1;
}

/**
 * Maps the segment into the address space of the running task.
 * @param address 0: the kernel chooses. @returns the address, or -EINVAL (no such segment, a crooked address, something in the way), -ENOMEM.
 */
export function shmat(k: Kernel, id: number, address: number, flags: number): number {
  const shp = findSegment(k, id);
  const start = attachAddress(address, flags);
  const task = current(k);
  if (shp === 0 || start < 0 || task === 0) return refuse(k, "shmat", -EINVAL);
  const mm = getTask(k.memory.u32, task, "mm");
  const file = k.memory.u32[at(shp, "shm_file")]!;
  const size = sizeOfInode(k, inodeOf(k, file));
  const inTheWay = start !== 0 && (flags & SHM_REMAP) === 0 && occupied(k, mm, start, size);
  // Held meanwhile, so that nobody destroys it.
  k.memory.i32[at(shp, "shm_nattch")]! += 1;
  const mapped = inTheWay ? -EINVAL : mapSegment(k, mm, shp, start, flags);
  release(k, shp);
  if (mapped < 0) return refuse(k, "shmat", mapped);
  if (k.events !== null)
    k.events.push({ kind: "shm-attach", id, address: mapped, attached: k.memory.i32[at(shp, "shm_nattch")]! });
  return mapped;
}

/** The address rounded as asked for; 0: anywhere; -1: not possible. */
function attachAddress(address: number, flags: number): number {
  if (address === 0) return (flags & SHM_REMAP) === 0 ? 0 : -1;
  if (address % SHMLBA === 0) return address;
  return (flags & SHM_RND) === 0 ? -1 : address - (address % SHMLBA);
}

function occupied(k: Kernel, mm: Addr, start: number, size: number): boolean {
  const w = k.memory.u32;
  const vma = findVma(k, mm, start);
  if (vma !== 0 && getVma(w, vma, "vm_start") < start + size) return true;
  const stack = getMm(w, mm, "start_stack");
  return start < stack && start > stack - size - STACK_ROOM;
}

function mapSegment(k: Kernel, mm: Addr, shp: Addr, start: number, flags: number): number {
  const file = k.memory.u32[at(shp, "shm_file")]!;
  const len = sizeOfInode(k, inodeOf(k, file));
  let prot = (flags & SHM_RDONLY) === 0 ? PROT_READ | PROT_WRITE : PROT_READ;
  if ((flags & SHM_EXEC) !== 0) prot |= PROT_EXEC;
  const fixed = start === 0 ? 0 : MAP_FIXED;
  const mapped = doMmap(k, mm, { addr: start, len, prot, flags: MAP_SHARED | fixed, file, pgoff: 0 });
  if (mapped < 0) return mapped;
  // What the file's own mmap does in the kernel: its table of operations, and one user more.
  const vma = findVma(k, mm, mapped);
  setVma(k.memory.u32, vma, "vm_ops", vmOpsIndex.shm);
  shmOpen(k, vma);
  return mapped;
}

/** Takes every part of the attachment at `address` out of the running task. @returns 0 or -EINVAL. */
export function shmdt(k: Kernel, address: number): number {
  const task = current(k);
  const mm = task === 0 ? 0 : getTask(k.memory.u32, task, "mm");
  let size = -1;
  for (let vma = mm === 0 ? 0 : findVma(k, mm, address); vma !== 0; ) {
    const w = k.memory.u32;
    const start = getVma(w, vma, "vm_start");
    const end = getVma(w, vma, "vm_end");
    if (size >= 0 && end - address > size) break;
    const next = getVma(w, vma, "vm_next");
    const part = (start - address) >>> PAGE_SHIFT === getVma(w, vma, "vm_pgoff");
    if (getVma(w, vma, "vm_ops") === vmOpsIndex.shm && part) {
      if (size < 0) size = sizeOfInode(k, inodeOf(k, getVma(w, vma, "vm_file")));
      doMunmap(k, mm, start, end - start);
    }
    vma = next;
  }
  return size < 0 ? refuse(k, "shmdt", -EINVAL) : 0;
}

/** IPC_RMID: destroys the segment, or has the last one to detach do it. SHM_LOCK and SHM_UNLOCK: out of swap or not. @returns 0 or -EINVAL. */
export function shmctl(k: Kernel, id: number, command: "IPC_RMID" | "SHM_LOCK" | "SHM_UNLOCK"): number {
  const shp = findSegment(k, id);
  if (shp === 0) return refuse(k, "shmctl", -EINVAL);
  const { u32 } = k.memory;
  if (command !== "IPC_RMID") {
    const lock = command === "SHM_LOCK";
    shmemLock(k, inodeOf(k, u32[at(shp, "shm_file")]!), lock ? "lock" : "unlock");
    if (lock) u32[at(shp, "shm_flags")]! |= SHM_LOCKED;
    else u32[at(shp, "shm_flags")]! &= ~SHM_LOCKED;
  } else if (k.memory.i32[at(shp, "shm_nattch")] === 0) destroy(k, shp);
  else {
    u32[at(shp, "shm_flags")]! |= SHM_DEST;
    u32[at(shp, "key")] = IPC_PRIVATE;
  }
  return 0;
}

function segmentOf(k: Kernel, vma: Addr): Addr {
  return k.memory.u32[infoAt(infoOf(k, inodeOf(k, getVma(k.memory.u32, vma, "vm_file"))), "shm")]!;
}

function shmOpen(k: Kernel, vma: Addr): void {
  const shp = segmentOf(k, vma);
  k.memory.i32[at(shp, "shm_nattch")]! += 1;
  k.memory.u32[at(shp, "shm_lprid")] = pidOf(k);
}

function shmClose(k: Kernel, vma: Addr): void {
  const shp = segmentOf(k, vma);
  k.memory.u32[at(shp, "shm_lprid")] = pidOf(k);
  const id = k.memory.u32[at(shp, "id")]!;
  if (k.events !== null) k.events.push({ kind: "shm-detach", id, attached: k.memory.i32[at(shp, "shm_nattch")]! - 1 });
  release(k, shp);
}

function release(k: Kernel, shp: Addr): void {
  const left = --k.memory.i32[at(shp, "shm_nattch")]!;
  if (left === 0 && (k.memory.u32[at(shp, "shm_flags")]! & SHM_DEST) !== 0) destroy(k, shp);
}

function destroy(k: Kernel, shp: Addr): void {
  const w = k.memory.u32;
  const file = w[at(shp, "shm_file")]!;
  w[shmVar(k, "shm_tot")]! -= pagesOf(w[at(shp, "shm_segsz")]!);
  w[shmVar(k, "in_use")]! -= 1;
  listDel(w, shp + LIST);
  shmemLock(k, inodeOf(k, file), "unlock");
  if (k.events !== null) k.events.push({ kind: "shm-destroy", id: w[at(shp, "id")]! });
  freeObject(k, "shmid_kernel", shp);
  k.ops.fput(k, file);
}

function inodeOf(k: Kernel, file: Addr): Addr {
  return k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]!;
}

function pidOf(k: Kernel): number {
  const task = current(k);
  return task === 0 ? 0 : getTask(k.memory.u32, task, "tgid");
}

function refuse(k: Kernel, call: "shmget" | "shmat" | "shmdt" | "shmctl", error: number): number {
  if (k.events !== null) k.events.push({ kind: "shm-refused", call, errno: -error });
  return error;
}

const shmVmOps: VmOps = { name: "shm", open: shmOpen, close: shmClose, nopage: shmemNopage };
