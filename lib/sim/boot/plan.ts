// What can be said of a machine before its memory exists: the map it will see, where low memory ends, the sizes of its zones.
// Source:     Linux 2.6.11 arch/i386/kernel/setup.c (setup_arch: memory map, command line, find_max_pfn, find_max_low_pfn)
// Simplified: nothing.
import type { BootConfig, KernelConfig } from "../kernel";
import { parseCommandLine } from "./command-line";
import { type E820Range, findMaxPfn, memorySetup } from "./e820";
import { type EarlyTables, earlyTables, findMaxLowPfn, type Split, type Zones, zonesOf } from "./low-memory";

export type E820Boot = Extract<BootConfig, { kind: "e820" }>;

export interface BootPlan {
  readonly boot: E820Boot;
  readonly map: readonly E820Range[];
  readonly split: Split;
  readonly zones: Zones;
  readonly early: EarlyTables;
  /** `mem=nopentium`. */
  readonly disablePse: boolean;
}

const VMALLOC_RESERVE = 128 * 2 ** 20;
const IMAGE_START = 0x100000;

/** @throws RangeError if the map leaves no RAM for the kernel image and what boot puts behind it. */
export function planBoot(boot: E820Boot, { highmem, pae }: Pick<KernelConfig, "highmem" | "pae">): BootPlan {
  const bios = memorySetup(boot.map, boot.extMemKbytes ?? 0);
  const { map, highmemPages, vmallocBytes, disablePse } = parseCommandLine(boot.commandLine ?? "", bios);
  const split = findMaxLowPfn(findMaxPfn(map), {
    highmem,
    pae,
    highmemPages,
    vmallocBytes: vmallocBytes ?? VMALLOC_RESERVE,
  });
  const early = earlyTables(boot.imageEnd);
  if (boot.imageEnd <= IMAGE_START)
    throw new RangeError(
      `the kernel image ends at ${boot.imageEnd}: it starts at ${IMAGE_START} and must end behind that`,
    );
  if (split.maxLowPfn <= early.startPfn)
    throw new RangeError(
      `low memory ends at page ${split.maxLowPfn}: the image and its page tables need pages up to ${early.startPfn}`,
    );
  return { boot, map, split, zones: zonesOf(split), early, disablePse };
}
