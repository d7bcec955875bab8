// Machines that the scene of the whole machine can boot, and those that it starts with.
import { PAGE_SIZE } from "@/lib/sim/constants";
import type { KernelOptions } from "@/lib/sim/create-kernel";
import { fieldsOf, zoneSizes } from "./read-config";
import type { Preset } from "./scenario";

export interface MachineConfig {
  /** `free`: all pages are free at once. `pc`: from a PC's memory map, with a kernel image; DMA must be 4096 pages and HighMem none. */
  readonly boot: "free" | "pc";
  /** Pages of DMA, Normal and HighMem. */
  readonly pages: readonly [number, number, number];
  /** Whether every invariant of every part is checked after each operation. */
  readonly monitor: "on" | "off";
  /** How willingly reclaim takes pages of processes: /proc/sys/vm/swappiness. */
  readonly swappiness: number;
  /** What may be promised: 0 what seems possible, 1 anything, 2 half of memory and swap. */
  readonly overcommit: 0 | 1 | 2;
}

export const mostPages = 8192;
/** Pages of all files and swap areas together: what lies there takes memory of the page that shows the machine. */
export const diskPages = 2048;
/** Contents beside those of frames and disk: tables of disks, and what is lost to pieces. */
const spareContents = 512;

/** 3 MiB: a few programs fill it. */
const small: MachineConfig = { boot: "free", pages: [128, 384, 256], monitor: "on", swappiness: 60, overcommit: 0 };

export const machinePresets: readonly Preset<MachineConfig>[] = [
  {
    name: "work",
    config: small,
    ops: [
      "swapon 150",
      "file 120",
      "fread 2 0 120",
      "spawn editor",
      "mmap 2 150",
      "touch 2 0xb7f6a000 150",
      "spawn server",
      "mmap 3 100 rw private 2",
      "touch 3 0xb7f9c000 100 read",
      "fork 3",
    ],
  },
  {
    name: "pressure",
    config: small,
    ops: [
      "swapon 300",
      "file 100",
      "fread 2 0 100",
      "spawn hog",
      "mmap 2 300",
      "touch 2 0xb7ed4000 300",
      "spawn hog",
      "mmap 3 300",
      "touch 3 0xb7ed4000 300",
      "spawn hog",
      "mmap 4 200",
      "touch 4 0xb7f38000 200",
      "touch 2 0xb7ed4000 300 read",
    ],
  },
  {
    name: "oom",
    config: { ...small, overcommit: 1 },
    ops: ["spawn editor", "mmap 2 200", "touch 2 0xb7f38000 200", "spawn hog", "mmap 3 600", "touch 3 0xb7da8000 600"],
  },
  {
    name: "writeback",
    config: small,
    ops: ["file 80", "fwrite 2 0 60", "tick 10000", "tick 25000", "fwrite 2 20 60"],
  },
  { name: "quiet", config: small, ops: [] },
  { name: "pc", config: { ...small, boot: "pc", pages: [4096, 1024, 0] }, ops: ["cat zoneinfo"] },
];

/** A stranger may have written it. */
export function readMachineConfig(data: unknown): MachineConfig | null {
  const { boot, pages, monitor, swappiness = 60, overcommit = 0 } = fieldsOf<MachineConfig>(data);
  const sizes = zoneSizes(pages, mostPages);
  if (sizes === null || sizes[1] < 256) return null;
  const [dma, , highmem] = sizes;
  if (boot === "pc" && (dma !== 4096 || highmem !== 0)) return null;
  if (typeof swappiness !== "number" || !(swappiness >= 0 && swappiness <= 100)) return null;
  if (overcommit !== 0 && overcommit !== 1 && overcommit !== 2) return null;
  return {
    boot: boot === "pc" ? "pc" : "free",
    pages: sizes,
    monitor: monitor === "off" ? "off" : "on",
    swappiness: Math.floor(swappiness),
    overcommit,
  };
}

export function kernelOptions({ boot, pages, swappiness, overcommit }: MachineConfig): KernelOptions {
  const all = pages[0] + pages[1] + pages[2];
  return {
    boot:
      boot === "free" ? { kind: "zones", pages } : { kind: "e820", map: pcMap(all * PAGE_SIZE), imageEnd: 0x3a0000 },
    swappiness,
    overcommit: { mode: overcommit, ratio: 50 },
    contents: all + diskPages + spareContents,
  };
}

/** What a BIOS says: ordinary memory, its own data, the hole up to 1 MiB, everything above. */
function pcMap(top: number) {
  return [
    { addr: 0, size: 0x9fc00, type: 1 },
    { addr: 0x9fc00, size: 0x400, type: 2 },
    { addr: 0xe8000, size: 0x18000, type: 2 },
    { addr: 0x100000, size: top - 0x100000, type: 1 },
  ];
}
