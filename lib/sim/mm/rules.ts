// What later kernels do differently with areas, as data: the code asks here instead of comparing versions.
// Source:     Linux 2.6.18 mm/mmap.c (do_mmap_pgoff refuses length 0), Linux 6.18 mm/mprotect.c (mprotect_fixup gives the charge of a
//             never-touched anonymous area back when it becomes read-only), mm/mmap.c (do_mmap keeps MAP_NORESERVE as VM_NORESERVE)
// Simplified: of 6.18 only what decides how areas of a process merge, split and are charged; its maple tree, its search for free
//             places and its soft-dirty flag (which merging ignores) are not modelled.
import type { Kernel } from "../kernel";

export interface MmRules {
  /** What mmap says to a length of 0: the address it was given, or EINVAL. */
  readonly mmapOfNothing: "address" | "einval";
  /** mprotect to read-only takes VM_ACCOUNT and the charge from anonymous memory that never had a page. */
  readonly unaccountOnProtect: boolean;
  /** An area made with MAP_NORESERVE carries a flag of its own and is never charged, not even by mprotect. */
  readonly noreserveFlag: boolean;
}

const kernelRules: Readonly<Record<"2.6.11" | "2.6.18" | "6.18", MmRules>> = {
  "2.6.11": { mmapOfNothing: "address", unaccountOnProtect: false, noreserveFlag: false },
  "2.6.18": { mmapOfNothing: "einval", unaccountOnProtect: false, noreserveFlag: false },
  "6.18": { mmapOfNothing: "einval", unaccountOnProtect: true, noreserveFlag: true },
};

export function mmRules(k: Kernel): MmRules {
  const { addressSpace, profile } = k.config;
  return kernelRules[addressSpace === "profile" ? profile : addressSpace];
}
