// The signals that the memory manager sends.
// Source: Linux 2.6.11 asm-i386/signal.h

export const SIGBUS = 7;
export const SIGKILL = 9;
export const SIGSEGV = 11;
