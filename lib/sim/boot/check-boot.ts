// The invariants of what boot left behind.
// Source: derived from Linux 2.6.11 mm/bootmem.c and arch/i386/mm/init.c (mem_init); domain.md 1.8
import { PAGE_SIZE } from "../constants";
import type { Finding } from "../finding";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { zonesData } from "../zones/structs";
import { ramPages } from "./e820";
import { readBoot, readLog, readMap } from "./read-boot";
import { bootData, bootmemData } from "./structs";

const bootRules = {
  /** Two owners have a byte in common. */
  overlap: "boot-overlap",
  /** Released and reserved pages are not all RAM there is. */
  ram: "boot-ram",
  lastOffset: "boot-last-offset",
  /** The zones do not end where memory ends. */
  zones: "boot-zones",
} as const;

/** Empty for a sound machine and for one that started with free zones. Never throws, never loops. */
export function checkBoot(k: Kernel): Finding[] {
  if (readBoot(k, "max_pfn") === 0) return [];
  return [...checkLog(k), ...checkRam(k), ...checkEnds(k)];
}

/** The bitmap's range is one page longer than the bitmap, and ends where it does; everything else is exact to the byte. */
function checkLog(k: Kernel): Finding[] {
  const ranges = [...readLog(k)].sort((a, b) => a.start - b.start);
  for (const [index, { owner, start }] of ranges.entries()) {
    const before = ranges[index - 1];
    if (before && before.start + before.bytes > start)
      return [{ rule: bootRules.overlap, args: { owner, other: before.owner, address: start } }];
  }
  return [];
}

function checkRam(k: Kernel): Finding[] {
  const zones = (field: keyof typeof zonesData.offset) =>
    k.memory.u32[(k.data + kernelData.offset.zones + zonesData.offset[field]) >>> 2] ?? 0;
  let ram = 0;
  for (const [start, end] of ramPages(readMap(k), k.pages)) ram += end - start;
  const [total, reserved] = [zones("totalram_pages"), zones("reserved_pages")];
  return total + reserved === ram ? [] : [{ rule: bootRules.ram, args: { total, reserved, ram } }];
}

function checkEnds(k: Kernel): Finding[] {
  const findings: Finding[] = [];
  const bdata = (k.data + kernelData.offset.boot + bootData.offset.bdata + bootmemData.offset.last_offset) >>> 2;
  const offset = k.memory.u32[bdata] ?? 0;
  if (offset >= PAGE_SIZE) findings.push({ rule: bootRules.lastOffset, args: { offset } });
  const maxPfn = readBoot(k, "max_pfn");
  if (maxPfn !== k.pages) findings.push({ rule: bootRules.zones, args: { maxPfn, pages: k.pages } });
  return findings;
}
