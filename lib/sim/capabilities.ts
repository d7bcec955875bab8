// Capabilities that the memory manager asks for, as bit numbers of `task_struct.cap_effective`.
// Source: Linux 2.6.11 linux/capability.h

export const CAP_IPC_LOCK = 14;
export const CAP_SYS_RAWIO = 17;
export const CAP_SYS_ADMIN = 21;
