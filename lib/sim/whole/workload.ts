// Random workloads for the whole machine: processes that fork, map, touch, write and exit, files, kernel requests, time.
// Theory: what an operation needs (pids, addresses, blocks) is remembered from the results of earlier ones, so a workload is legal by
//         construction and the same for the same seed and machine.
import type { Kernel } from "../kernel";
import type { Rng } from "../rng";
import type { MachineOp } from "./op";
import { runOp } from "./run-op";

interface Mapping {
  readonly pid: number;
  readonly address: number;
  readonly pages: number;
  readonly writable: boolean;
}

export interface Workload {
  readonly rng: Rng;
  pids: number[];
  mappings: Mapping[];
  /** Number and size in pages. */
  files: { readonly ino: number; readonly pages: number }[];
  objects: number[];
  areas: number[];
  blocks: { readonly pfn: number; readonly order: number }[];
  swapAreas: number[];
}

/** At most so many pages a mapping, processes, and pages a swap area. */
export interface WorkloadSize {
  readonly mappingPages: number;
  readonly processes: number;
  readonly swapPages: number;
}

export function newWorkload(rng: Rng): Workload {
  return { rng, pids: [], mappings: [], files: [], objects: [], areas: [], blocks: [], swapAreas: [] };
}

/** The next operation, one that the machine can be asked. */
export function nextOp(load: Workload, size: WorkloadSize): MachineOp {
  const { rng } = load;
  const pid = pick(rng, load.pids);
  const mapping = pick(rng, load.mappings);
  const file = pick(rng, load.files);
  const choice = rng.below(100);
  if (pid === undefined || (choice < 6 && load.pids.length < size.processes)) return { op: "spawn", comm: "program" };
  if (choice < 10 && load.pids.length < size.processes) return { op: "fork", pid };
  if (choice < 14) return { op: "exit", pid };
  if (choice < 17) return { op: "wait", pid: 1 };
  if (choice < 19) return { op: "exec", pid, comm: "other" };
  if (choice < 34 || mapping === undefined) return mmapOp(load, pid, size);
  if (choice < 58) return touchOp(rng, mapping);
  if (choice < 63)
    return { op: "munmap", pid: mapping.pid, address: mapping.address, pages: 1 + rng.below(mapping.pages) };
  if (choice < 67)
    return {
      op: "mprotect",
      pid: mapping.pid,
      address: mapping.address,
      pages: 1 + rng.below(mapping.pages),
      prot: "r",
    };
  if (choice < 70 || file === undefined) return { op: "file", pages: 1 + rng.below(size.mappingPages) };
  if (choice < 74) return { op: "fread", ino: file.ino, page: rng.below(file.pages), pages: 1 + rng.below(8) };
  if (choice < 78) return { op: "fwrite", ino: file.ino, page: rng.below(file.pages), pages: 1 + rng.below(4) };
  if (choice < 95) return kernelOp(load, choice);
  if (choice < 96 && load.swapAreas.length < 3) return { op: "swapon", pages: 8 + rng.below(size.swapPages) };
  return { op: "tick", ms: 500 * (1 + rng.below(8)) };
}

function mmapOp({ rng, files }: Workload, pid: number, size: WorkloadSize): MachineOp {
  const file = rng.chance(30) ? pick(rng, files) : undefined;
  const pages = 1 + rng.below(file?.pages ?? size.mappingPages);
  return {
    op: "mmap",
    pid,
    pages,
    prot: rng.chance(85) ? "rw" : "r",
    share: rng.chance(25) ? "shared" : "private",
    ino: file?.ino ?? 0,
  };
}

function touchOp(rng: Rng, { pid, address, pages, writable }: Mapping): MachineOp {
  const first = rng.below(pages);
  const how = writable && rng.chance(65) ? "write" : "read";
  return { op: "touch", pid, address: address + first * 4096, pages: 1 + rng.below(pages - first), how };
}

function kernelOp(load: Workload, choice: number): MachineOp {
  const { rng } = load;
  const object = pick(rng, load.objects);
  const area = pick(rng, load.areas);
  const block = pick(rng, load.blocks);
  if (choice < 83) return { op: "kmalloc", bytes: 1 + rng.below(5000) };
  if (choice < 87 && object !== undefined) return { op: "kfree", address: object };
  if (choice < 89) return { op: "vmalloc", bytes: 1 + rng.below(40_000) };
  if (choice < 91 && area !== undefined) return { op: "vfree", address: area };
  if (choice < 93) return { op: "alloc", gfp: "kernel", order: rng.below(4) };
  return block === undefined ? { op: "tick", ms: 2000 } : { op: "free", ...block };
}

/** Does the operation and remembers what later ones can use. @returns its result. */
export function step(k: Kernel, load: Workload, op: MachineOp): number {
  const result = runOp(k, op);
  if (result >= 0) remember(load, op, result);
  return result;
}

function remember(load: Workload, op: MachineOp, result: number): void {
  switch (op.op) {
    case "spawn":
    case "fork":
      load.pids.push(result);
      if (op.op === "fork")
        load.mappings.push(
          ...load.mappings.filter(({ pid }) => pid === op.pid).map((each) => ({ ...each, pid: result })),
        );
      return;
    case "exit":
    case "exec":
      if (op.op === "exit") load.pids = load.pids.filter((pid) => pid !== op.pid);
      load.mappings = load.mappings.filter(({ pid }) => pid !== op.pid);
      return;
    case "mmap":
      load.mappings.push({ pid: op.pid, address: result, pages: op.pages, writable: op.prot === "rw" });
      return;
    case "munmap":
    case "mprotect":
      load.mappings = load.mappings.filter(({ pid, address }) => pid !== op.pid || address !== op.address);
      return;
    case "file":
      load.files.push({ ino: result, pages: op.pages });
      return;
    case "kmalloc":
      load.objects.push(result);
      return;
    case "kfree":
      load.objects = load.objects.filter((address) => address !== op.address);
      return;
    case "vmalloc":
      load.areas.push(result);
      return;
    case "vfree":
      load.areas = load.areas.filter((address) => address !== op.address);
      return;
    case "alloc":
      load.blocks.push({ pfn: result, order: op.order });
      return;
    case "free":
      load.blocks = load.blocks.filter(({ pfn }) => pfn !== op.pfn);
      return;
    case "swapon":
      load.swapAreas.push(result);
  }
}

/** Forgets tasks that are no more (killed by a signal or for want of memory). */
export function forgetDead(load: Workload, alive: ReadonlySet<number>): void {
  load.pids = load.pids.filter((pid) => alive.has(pid));
  load.mappings = load.mappings.filter(({ pid }) => alive.has(pid));
}

/** Gives back what the workload holds of the kernel itself. */
export function releaseKernelRequests(k: Kernel, load: Workload): void {
  for (const address of load.objects) runOp(k, { op: "kfree", address });
  for (const address of load.areas) runOp(k, { op: "vfree", address });
  for (const block of load.blocks) runOp(k, { op: "free", ...block });
  load.objects = [];
  load.areas = [];
  load.blocks = [];
}

function pick<T>(rng: Rng, list: readonly T[]): T | undefined {
  return list.length === 0 ? undefined : list[rng.below(list.length)];
}
