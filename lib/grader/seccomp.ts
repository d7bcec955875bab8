// The system calls a grader worker may make, as a classic BPF program for seccomp.
// Theory: an allow-list: whatever Node needs to compute, to time itself and to talk over the pipes it was born with. No socket, no
//         file opened for writing, no new process (threads only), no signal to others, no namespaces, no keys, no tracing. What
//         is not on the list fails with EPERM; a foreign architecture kills the process.
// Source: seccomp(2), Linux uapi filter.h and seccomp.h; the numbers are those of asm/unistd for x86_64 and arm64.

/** name: [x86_64, arm64]; null where the architecture has no such call. */
const allowed: Readonly<Record<string, readonly [number | null, number | null]>> = {
  read: [0, 63],
  write: [1, 64],
  readv: [19, 65],
  writev: [20, 66],
  pread64: [17, 67],
  pwrite64: [18, 68],
  lseek: [8, 62],
  close: [3, 57],
  stat: [4, null],
  lstat: [6, null],
  fstat: [5, 80],
  newfstatat: [262, 79],
  statx: [332, 291],
  access: [21, null],
  faccessat: [269, 48],
  faccessat2: [439, 439],
  readlink: [89, null],
  readlinkat: [267, 78],
  getcwd: [79, 17],
  getdents64: [217, 61],
  ioctl: [16, 29],
  fcntl: [72, 25],
  dup: [32, 23],
  dup2: [33, null],
  dup3: [292, 24],
  pipe2: [293, 59],
  poll: [7, null],
  ppoll: [271, 73],
  select: [23, null],
  pselect6: [270, 72],
  eventfd2: [290, 19],
  epoll_create1: [291, 20],
  epoll_ctl: [233, 21],
  epoll_wait: [232, null],
  epoll_pwait: [281, 22],
  epoll_pwait2: [441, 441],
  getsockname: [51, 204],
  getsockopt: [55, 209],
  shutdown: [48, 210],
  mmap: [9, 222],
  munmap: [11, 215],
  mremap: [25, 216],
  mprotect: [10, 226],
  madvise: [28, 233],
  mincore: [27, 232],
  brk: [12, 214],
  membarrier: [324, 283],
  pkey_alloc: [330, 289],
  pkey_free: [331, 290],
  pkey_mprotect: [329, 288],
  futex: [202, 98],
  set_robust_list: [273, 99],
  get_robust_list: [274, 100],
  rseq: [334, 293],
  set_tid_address: [218, 96],
  arch_prctl: [158, null],
  prctl: [157, 167],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  rt_sigreturn: [15, 139],
  sigaltstack: [131, 132],
  tgkill: [234, 131],
  restart_syscall: [219, 128],
  nanosleep: [35, 101],
  clock_nanosleep: [230, 115],
  clock_gettime: [228, 113],
  clock_getres: [229, 114],
  gettimeofday: [96, 169],
  sched_yield: [24, 124],
  sched_getaffinity: [204, 123],
  sched_setaffinity: [203, 122],
  sched_getparam: [143, 121],
  sched_getscheduler: [145, 120],
  sched_setscheduler: [144, 119],
  sched_getattr: [315, 275],
  getpriority: [140, 141],
  getrlimit: [97, 163],
  prlimit64: [302, 261],
  getrusage: [98, 165],
  sysinfo: [99, 179],
  uname: [63, 160],
  getrandom: [318, 278],
  getpid: [39, 172],
  getppid: [110, 173],
  gettid: [186, 178],
  getuid: [102, 174],
  geteuid: [107, 175],
  getgid: [104, 176],
  getegid: [108, 177],
  capget: [125, 90],
  exit: [60, 93],
  exit_group: [231, 94],
  // bubblewrap's own first process waits for Node under the same filter.
  wait4: [61, 260],
  // bubblewrap starts Node after the filter is on; in the jail there is nothing else to execute.
  execve: [59, 221],
};

const architectures = {
  x64: { index: 0, audit: 0xc000003e, open: 2, openat: 257, clone: 56, clone3: 435 },
  arm64: { index: 1, audit: 0xc00000b7, open: null, openat: 56, clone: 220, clone3: 435 },
} as const;
export type SeccompArchitecture = keyof typeof architectures;

export function isSeccompArchitecture(arch: string): arch is SeccompArchitecture {
  return arch === "x64" || arch === "arm64";
}

// BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_JMP|BPF_JSET|BPF_K, BPF_JMP|BPF_JGE|BPF_K, BPF_RET|BPF_K
const load = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAnyBit = 0x45;
const jumpIfAtLeast = 0x35;
const give = 0x06;

// struct seccomp_data { int nr; __u32 arch; __u64 instruction_pointer; __u64 args[6]; }, little endian
const nrAt = 0;
const archAt = 4;
const argAt = (index: number) => 16 + 8 * index;

const allow = 0x7fff0000;
const kill = 0x80000000;
const errno = (code: number) => 0x00050000 | code;
const EPERM = errno(1);
const ENOSYS = errno(38);

const CLONE_THREAD = 0x00010000;
/** O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND: the same bits on both architectures. */
const writingFlags = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000;
/** Numbers from here up belong to the x32 ABI, which would get around the list. */
const x32Bit = 0x40000000;

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

export function seccompProgram(arch: SeccompArchitecture): Instruction[] {
  const { index, audit, open, openat, clone, clone3 } = architectures[arch];
  const program: Instruction[] = [
    [load, 0, 0, archAt],
    [jumpIfEqual, 1, 0, audit],
    [give, 0, 0, kill],
    [load, 0, 0, nrAt],
    [jumpIfAtLeast, 0, 1, x32Bit],
    [give, 0, 0, EPERM],
  ];
  const onlyReading = (nr: number, flags: number): Instruction[] => [
    [jumpIfEqual, 0, 4, nr],
    [load, 0, 0, argAt(flags)],
    [jumpIfAnyBit, 0, 1, writingFlags],
    [give, 0, 0, EPERM],
    [give, 0, 0, allow],
  ];
  program.push(...onlyReading(openat, 2));
  if (open !== null) program.push(...onlyReading(open, 1));
  program.push(
    [jumpIfEqual, 0, 4, clone],
    [load, 0, 0, argAt(0)],
    [jumpIfAnyBit, 0, 1, CLONE_THREAD],
    [give, 0, 0, allow],
    [give, 0, 0, EPERM],
    // Its flags lie behind a pointer, where a filter cannot look; without it the C library uses clone.
    [jumpIfEqual, 0, 1, clone3],
    [give, 0, 0, ENOSYS],
  );
  for (const numbers of Object.values(allowed)) {
    const nr = numbers[index];
    if (nr !== null && nr !== undefined) program.push([jumpIfEqual, 0, 1, nr], [give, 0, 0, allow]);
  }
  program.push([give, 0, 0, EPERM]);
  return program;
}

/** struct sock_filter { __u16 code; __u8 jt, jf; __u32 k; } one after the other, as bubblewrap reads them from a file descriptor. */
export function seccompBytes(arch: SeccompArchitecture): Uint8Array {
  const program = seccompProgram(arch);
  const bytes = new DataView(new ArrayBuffer(8 * program.length));
  for (const [i, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.setUint16(8 * i, code, true);
    bytes.setUint8(8 * i + 2, ifTrue);
    bytes.setUint8(8 * i + 3, ifFalse);
    bytes.setUint32(8 * i + 4, value >>> 0, true);
  }
  return new Uint8Array(bytes.buffer);
}
