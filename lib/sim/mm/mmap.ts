// mmap: a range of addresses gets a meaning. No page is touched, except for a locked area.
// Theory:     check the request, choose an address, clear what lies there, charge what may be written, and then try to get by without a
//             new structure: private anonymous memory mostly continues a neighbour.
// Source:     Linux 2.6.11 mm/mmap.c (do_mmap_pgoff), linux/mm.h (do_mmap), mm/filemap.c (generic_file_mmap); Gorman 4.4.6; domain 7.4
// Simplified: no append-only files, mandatory locks, mounts without execution, write-denied files or personalities.
import { CAP_IPC_LOCK } from "../capabilities";
import { PAGE_SHIFT } from "../constants";
import { EACCES, EAGAIN, EINVAL, ENOMEM, EPERM } from "../errno";
import { type Kernel, vmOpsIndex } from "../kernel";
import type { Addr } from "../machine";
import { freeObject } from "../objects";
import { FMODE_READ, FMODE_WRITE, file as fileStruct, inodeKinds, inode as inodeStruct } from "../structs-mm";
import { findVmaPrepare, type InsertionPoint } from "./find-vma";
import {
  calcVmFlagBits,
  calcVmProtBits,
  MAP_LOCKED,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_TYPE,
  MAX_MAP_COUNT,
  pageAlign,
  pageDown,
  TASK_SIZE,
  VM_ACCOUNT,
  VM_GROWSDOWN,
  VM_GROWSUP,
  VM_LOCKED,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_NORESERVE,
  VM_SHARED,
  VM_WRITE,
} from "./flags";
import { above, canDoMlock, capable } from "./limits";
import { vmaMerge } from "./merge";
import { doMunmap } from "./munmap";
import { mmRules } from "./rules";
import { vmStatAccount } from "./stat-account";
import { getUnmappedArea } from "./unmapped-area";
import { addMm, getMm, getVma, setVma } from "./vma";
import { getFile, newVma, tellInsert, vmaLink } from "./vma-list";

export interface MmapRequest {
  /** 0 for "anywhere"; else a hint, or with MAP_FIXED the place. */
  readonly addr: number;
  /** Bytes. */
  readonly len: number;
  /** PROT_*. */
  readonly prot: number;
  /** MAP_*. */
  readonly flags: number;
  /** A `struct file`, 0 for anonymous memory. */
  readonly file: Addr;
  /** Offset of the first page in the file, in pages. Private anonymous memory ignores it. */
  readonly pgoff: number;
}

/** Maps memory. @returns the address, or -errno. */
export function doMmap(k: Kernel, mm: Addr, request: MmapRequest): number {
  const result = mmap(k, mm, request);
  const { addr, len, prot, flags, file, pgoff } = request;
  k.events?.push({ kind: "mm-call", mm, call: "mmap", args: [addr, len, prot, flags, file, pgoff], result });
  return result;
}

function mmap(k: Kernel, mm: Addr, request: MmapRequest): number {
  const { addr, prot, flags, file } = request;
  if (request.len === 0) return mmRules(k).mmapOfNothing === "address" ? addr : -EINVAL;
  const length = pageAlign(request.len);
  if (length === 0 || length > TASK_SIZE) return -EINVAL;
  if (request.pgoff + (length >>> PAGE_SHIFT) > 0xffffffff) return -EINVAL;
  const mapCount = getMm(k.memory.u32, mm, "map_count");
  if (mapCount > MAX_MAP_COUNT) {
    k.events?.push({ kind: "limit-reached", limit: "map_count", wanted: mapCount, allowed: MAX_MAP_COUNT });
    return -ENOMEM;
  }
  const start = getUnmappedArea(k, mm, addr, length, flags);
  if (start < 0 || pageDown(start) !== start) return start;
  const wanted =
    calcVmProtBits(prot) |
    calcVmFlagBits(flags) |
    getMm(k.memory.u32, mm, "def_flags") |
    (VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC);
  const refusal = mayLock(k, mm, flags, wanted, length);
  if (refusal !== 0) return refusal;
  const typed = file === 0 ? anonymousFlags(flags) : fileFlags(k, file, prot, flags);
  if (typed < 0) return typed;
  const keeps = file !== 0 && (typed & VM_MAYSHARE) !== 0 && (typed & VM_SHARED) === 0 ? ~VM_MAYWRITE : ~0;
  const pgoff = file === 0 && (typed & VM_SHARED) === 0 ? start >>> PAGE_SHIFT : request.pgoff;
  return mapAt(k, mm, { start, end: start + length, flags: ((wanted & keeps) | typed) >>> 0, pgoff }, request);
}

/** 0, or why the area cannot be locked as MAP_LOCKED or mlockall asks. */
function mayLock(k: Kernel, mm: Addr, flags: number, vmFlags: number, length: number): number {
  if ((flags & MAP_LOCKED) !== 0 && !canDoMlock(k)) return -EPERM;
  if ((vmFlags & VM_LOCKED) === 0) return 0;
  const locked = ((getMm(k.memory.u32, mm, "locked_vm") << PAGE_SHIFT) + length) >>> 0;
  return !capable(k, CAP_IPC_LOCK) && above(k, "RLIMIT_MEMLOCK", locked) ? -EAGAIN : 0;
}

/** The sharing flags of anonymous memory, or -EINVAL if it is neither shared nor private. */
function anonymousFlags(flags: number): number {
  if ((flags & MAP_TYPE) === MAP_SHARED) return VM_SHARED | VM_MAYSHARE;
  return (flags & MAP_TYPE) === MAP_PRIVATE ? 0 : -EINVAL;
}

/** The sharing flags of a file's area. A shared one of a file that is not open for writing is only MAYSHARE. Or -errno. */
function fileFlags(k: Kernel, file: Addr, prot: number, flags: number): number {
  const mode = k.memory.u32[(file + fileStruct.offset.f_mode) >>> 2]!;
  const type = flags & MAP_TYPE;
  if (type !== MAP_SHARED && type !== MAP_PRIVATE) return -EINVAL;
  if (type === MAP_SHARED && (prot & VM_WRITE) !== 0 && (mode & FMODE_WRITE) === 0) return -EACCES;
  if ((mode & FMODE_READ) === 0) return -EACCES;
  if (type === MAP_PRIVATE) return 0;
  return (mode & FMODE_WRITE) === 0 ? VM_MAYSHARE : VM_SHARED | VM_MAYSHARE;
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly flags: number;
  readonly pgoff: number;
}

function mapAt(k: Kernel, mm: Addr, place: Place, { flags: mapFlags, file }: MmapRequest): number {
  const { start, end, pgoff } = place;
  const length = end - start;
  const pages = length >>> PAGE_SHIFT;
  let vmFlags = place.flags;
  const at = clearOldMaps(k, mm, start, length);
  if (at === null) return -ENOMEM;
  const totalBytes = ((getMm(k.memory.u32, mm, "total_vm") << PAGE_SHIFT) + length) >>> 0;
  if (above(k, "RLIMIT_AS", totalBytes)) return -ENOMEM;

  let charged = 0;
  if ((mapFlags & MAP_NORESERVE) === 0 || k.config.overcommit.mode === 2) {
    if ((vmFlags & VM_SHARED) !== 0) {
      // The object behind it is charged, by whoever makes it: shmemZeroSetup looks for this flag.
      vmFlags |= VM_ACCOUNT;
    } else if ((vmFlags & VM_WRITE) !== 0) {
      charged = pages;
      if (k.ops.vmEnoughMemory(k, charged) !== 0) return -ENOMEM;
      vmFlags |= VM_ACCOUNT;
    }
  } else if (mmRules(k).noreserveFlag) {
    vmFlags |= VM_NORESERVE;
  }

  const request = { start, end, flags: vmFlags, anonVma: 0, file, pgoff };
  if (file !== 0 || (vmFlags & VM_SHARED) !== 0 || vmaMerge(k, mm, at.prev, request) === 0) {
    const error = newArea(k, mm, at, { start, end, flags: vmFlags, pgoff }, file);
    if (error !== 0) {
      if (charged !== 0) k.ops.vmUnacctMemory(k, charged);
      return error;
    }
  }
  addMm(k.memory.u32, mm, "total_vm", pages);
  vmStatAccount(k, mm, vmFlags, objectOf(k, mm, at, file, vmFlags), pages);
  if ((vmFlags & VM_LOCKED) !== 0) {
    addMm(k.memory.u32, mm, "locked_vm", pages);
    k.ops.makePagesPresent(k, start, end);
  }
  return start;
}

/** Unmaps what lies in the way. @returns where the new area goes, null when that failed. */
export function clearOldMaps(k: Kernel, mm: Addr, start: number, length: number): InsertionPoint | null {
  for (;;) {
    const at = findVmaPrepare(k, mm, start);
    if (at.vma === 0 || getVma(k.memory.u32, at.vma, "vm_start") >= start + length) return at;
    if (doMunmap(k, mm, start, length) !== 0) return null;
  }
}

/** Makes the area, lets its file see it, and links it unless a neighbour of the same file takes it in. @returns 0 or -errno. */
function newArea(k: Kernel, mm: Addr, at: InsertionPoint, place: Place, file: Addr): number {
  const vma = newVma(k, mm, place);
  if (vma === 0) return -ENOMEM;
  const shared = (place.flags & VM_SHARED) !== 0;
  if (file !== 0) {
    if ((place.flags & (VM_GROWSDOWN | VM_GROWSUP)) !== 0) return discard(k, vma, -EINVAL);
    setVma(k.memory.u32, vma, "vm_file", file);
    getFile(k, file);
    setVma(k.memory.u32, vma, "vm_ops", vmOpsOf(k, file));
  } else if (shared) {
    const error = k.ops.shmemZeroSetup(k, vma);
    if (error !== 0) return discard(k, vma, error);
  }
  if (shared) setVma(k.memory.u32, vma, "vm_flags", (place.flags & ~VM_ACCOUNT) >>> 0);
  const flags = getVma(k.memory.u32, vma, "vm_flags");
  if (file !== 0 && vmaMerge(k, mm, at.prev, { ...place, flags, anonVma: 0, file }) !== 0) {
    k.ops.fput(k, file);
    return discard(k, vma, 0);
  }
  vmaLink(k, mm, vma, at);
  tellInsert(k, vma);
  return 0;
}

function discard(k: Kernel, vma: Addr, result: number): number {
  freeObject(k, "vm_area_struct", vma);
  return result;
}

/** What the file's own mmap sets: the table of operations for its kind of inode. */
function vmOpsOf(k: Kernel, file: Addr): number {
  const inode = k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]!;
  if (inode === 0) return vmOpsIndex.none;
  const kind = k.memory.u32[(inode + inodeStruct.offset.i_kind) >>> 2]!;
  return kind === inodeKinds.shmem ? vmOpsIndex.shmem : vmOpsIndex.file;
}

/** The file that the pages count for: a new shared anonymous area has one by now. */
function objectOf(k: Kernel, mm: Addr, at: InsertionPoint, file: Addr, flags: number): Addr {
  if (file !== 0 || (flags & VM_SHARED) === 0) return file;
  const vma = at.prev !== 0 ? getVma(k.memory.u32, at.prev, "vm_next") : getMm(k.memory.u32, mm, "mmap");
  return getVma(k.memory.u32, vma, "vm_file");
}
