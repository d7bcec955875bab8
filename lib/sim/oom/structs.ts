// The global variables of overcommit accounting.
// Source: Linux 2.6.11 mm/mmap.c (vm_committed_space), mm/oom_kill.c
import { struct } from "../layout";

export const oomData = struct("oom_data", {
  /** Pages promised so far. */
  vm_committed_space: "i32",
  /** Tasks killed for lack of memory since boot. */
  killed: "u32",
});
