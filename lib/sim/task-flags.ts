// Flags of a task that the memory manager looks at.
// Source: Linux 2.6.11 linux/sched.h (PF_*), asm-i386/thread_info.h (TIF_*)

/** Bits of `task_struct.flags`. */
export const PF_EXITING = 0x4;
export const PF_DEAD = 0x8;
/** The task is freeing memory: it may take the last pages, and must not start reclaim itself. */
export const PF_MEMALLOC = 0x800;
export const PF_KSWAPD = 0x40000;
export const PF_SWAPOFF = 0x80000;
export const PF_LESS_THROTTLE = 0x100000;

/** Masks of `task_struct.thread_flags`. */
export const TIF_SIGPENDING = 1 << 2;
/** Killed for lack of memory: may take the last pages, so that it can exit. */
export const TIF_MEMDIE = 1 << 17;
