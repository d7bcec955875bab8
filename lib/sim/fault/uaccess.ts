// The kernel reads and writes a user's memory.
// Theory:     first the range must lie below the user's limit; then the bytes are simply used. A page that is not there comes in by an
//             ordinary fault. An address where nothing may be faults too, the exception table knows the instruction, and the copy
//             ends there: the caller learns how many bytes were not copied and makes -EFAULT of it.
// Source:     Linux 2.6.11 arch/i386/lib/usercopy.c (copy_from_user, copy_to_user, clear_user), asm-i386/uaccess.h (access_ok);
//             Gorman 4.5.1
// Simplified: the count of bytes left is exact (the kernel's copy by words may leave up to 3 more).
import { PAGE_SIZE } from "../constants";
import { frameAt, peekFrame } from "../frames";
import type { Kernel } from "../kernel";
import { TASK_SIZE } from "../mm/flags";
import { faultCode, mmuAccess } from "../mmu/mmu-access";
import { READ, WRITE } from "../mmu/walk";
import { MAX_FAULTS } from "./access";
import { type UserInstruction, userInstructions } from "./exception-table";
import { doPageFault } from "./fault";

const KERNEL = 0;

/** access_ok: the range lies below 3 GiB. */
export function accessOk(address: number, bytes: number): boolean {
  return bytes <= TASK_SIZE && address <= TASK_SIZE - bytes;
}

/** Copies into the current task's memory. @returns bytes not copied. */
export function copyToUser(k: Kernel, address: number, from: Uint8Array): number {
  if (!accessOk(address, from.length)) return from.length;
  const left = eachPage(k, address, from.length, "copyToUser", (at, done, bytes) => {
    k.memory.u8.set(from.subarray(done, done + bytes), at);
  });
  return told(k, "to-user", address, from.length, left);
}

/** Copies out of the current task's memory; what could not be copied is zeros in `to`. @returns bytes not copied. */
export function copyFromUser(k: Kernel, to: Uint8Array, address: number): number {
  to.fill(0);
  if (!accessOk(address, to.length)) return to.length;
  const left = eachPage(k, address, to.length, "copyFromUser", (at, done, bytes) => {
    if (at !== 0) to.set(k.memory.u8.subarray(at, at + bytes), done);
  });
  return told(k, "from-user", address, to.length, left);
}

/** Zeroes the current task's memory. @returns bytes not zeroed. */
export function clearUser(k: Kernel, address: number, length: number): number {
  if (!accessOk(address, length)) return length;
  const left = eachPage(k, address, length, "clearUser", (at, _done, bytes) => {
    k.memory.u8.fill(0, at, at + bytes);
  });
  return told(k, "clear", address, length, left);
}

function told(k: Kernel, how: "to-user" | "from-user" | "clear", address: number, bytes: number, left: number): number {
  if (k.events !== null) k.events.push({ kind: "user-copy", how, address, bytes, left });
  return left;
}

/** Calls `copy` with the machine address of each part of the range (0: a frame of zeros that is only read). */
function eachPage(
  k: Kernel,
  address: number,
  length: number,
  instruction: UserInstruction,
  copy: (at: number, done: number, bytes: number) => void,
): number {
  const access = instruction === "copyFromUser" ? READ : WRITE;
  let done = 0;
  while (done < length) {
    const here = address + done;
    const bytes = Math.min(length - done, PAGE_SIZE - (here & (PAGE_SIZE - 1)));
    const paddr = reach(k, here, access, userInstructions[instruction]);
    if (paddr < 0) return length - done;
    const pfn = Math.floor(paddr / PAGE_SIZE);
    const contents = access === READ ? peekFrame(k, pfn) : frameAt(k, pfn);
    copy(contents === 0 ? 0 : contents + (paddr & (PAGE_SIZE - 1)), done, bytes);
    done += bytes;
  }
  return 0;
}

/** The physical address of a byte the kernel wants to use, below 0 where it cannot. */
function reach(k: Kernel, address: number, access: typeof READ | typeof WRITE, eip: number): number {
  for (let faults = 0; faults < MAX_FAULTS; faults++) {
    const paddr = mmuAccess(k, address, access, KERNEL);
    if (paddr >= 0) return paddr;
    const { kind } = doPageFault(k, address, faultCode(paddr), 0, eip);
    if (kind !== "minor" && kind !== "major" && kind !== "vmalloc") return -1;
  }
  return -1;
}
