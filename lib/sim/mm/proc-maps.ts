// The text of /proc/<pid>/maps, from the bytes.
// Source:     Linux 2.6.11 fs/proc/task_mmu.c (show_map)
// Simplified: files have no paths; the device is 00:00 and the inode its number. 2.6.11 names neither heap nor stack.
import { PAGE_SHIFT } from "../constants";
import { canHold } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { file as fileStruct, inode as inodeStruct } from "../structs-mm";
import { permissions } from "./flags";
import { getVma } from "./vma";
import { walkVmas } from "./walk-vmas";

function hex8(value: number): string {
  return value.toString(16).padStart(8, "0");
}

/** The number of the inode behind an area, 0 for anonymous memory. Never throws. */
export function inodeNumber(k: Kernel, vma: Addr): number {
  const w = k.memory.u32;
  const file = getVma(w, vma, "vm_file");
  if (!canHold(k, file, fileStruct.size)) return 0;
  const inode = w[(file + fileStruct.offset.f_inode) >>> 2]!;
  return canHold(k, inode, inodeStruct.size) ? w[(inode + inodeStruct.offset.i_ino) >>> 2]! : 0;
}

/** One line an area: `08048000-0804b000 r-xp 00000000 00:00 9`, ending with a newline. Empty without areas. */
export function procMaps(k: Kernel, mm: Addr): string {
  const w = k.memory.u32;
  return walkVmas(k, mm)
    .map((vma) => {
      const file = getVma(w, vma, "vm_file");
      const range = `${hex8(getVma(w, vma, "vm_start"))}-${hex8(getVma(w, vma, "vm_end"))}`;
      const offset = file === 0 ? 0 : (getVma(w, vma, "vm_pgoff") << PAGE_SHIFT) >>> 0;
      return `${range} ${permissions(getVma(w, vma, "vm_flags"))} ${hex8(offset)} 00:00 ${inodeNumber(k, vma)}\n`;
    })
    .join("");
}
