import { describe, expect, it } from "vitest";
import { createKernel } from "../create-kernel";
import { pageToPfn, writePhys } from "../frames";
import { contentsData, kernelData } from "../kernel-data";
import { createRng } from "../rng";
import { page as pageStruct, zone as zoneStruct } from "../structs";
import { allocPages } from "./alloc-pages";
import { checkZones } from "./check-zones";
import { GFP_HIGHUSER, GFP_KERNEL } from "./gfp";
import { observeZones } from "./observe-zones";
import { buddyinfo, showFreeAreas, zoneinfo } from "./reports";
import { zonesData } from "./structs";

const boot = () => {
  const k = createKernel({ boot: { kind: "zones", pages: [1024, 3072, 2048] }, slab: "off", contents: 256 });
  for (const gfp of [GFP_KERNEL, GFP_HIGHUSER]) {
    const page = allocPages(k, gfp, 0);
    writePhys(k, pageToPfn(k, page) * 4096, 1);
  }
  return k;
};

describe("checkZones", () => {
  it("finds nothing wrong with a sound machine", () => {
    expect(checkZones(boot())).toEqual([]);
  });

  const data = kernelData.offset;
  it.each([
    ["zone-mark", (k) => k.zones[1].zone + zoneStruct.offset.pages_low, 1],
    ["zone-reserve", (k) => k.zones[0].zone + zoneStruct.offset.lowmem_reserve + 8, 1],
    ["page-zone", (k) => k.memMap + 3 * pageStruct.size, 0x2000000],
    ["negative-count", (k) => k.memMap + 5 * pageStruct.size + pageStruct.offset.count, 0xffffffff],
    ["slab-in-highmem", (k) => k.memMap + 4100 * pageStruct.size, 0x02000080],
    ["kswapd-word", (k) => k.data + data.zones + zonesData.offset.kswapd_max_order, 11],
    ["contents-owner", (k) => k.contentsOwner, 4],
    ["contents-list", (k) => k.data + data.contents + contentsData.offset.free, 12],
    ["contents-count", (k) => k.data + data.contents + contentsData.offset.held, 99],
  ] as [string, (k: ReturnType<typeof boot>) => number, number][])("finds %s", (rule, address, value) => {
    const k = boot();
    k.memory.u32[address(k) >>> 2] = value;
    expect(checkZones(k).map((finding) => finding.rule)).toContain(rule);
  });

  it("ends, and does not throw, whatever the bytes are", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const k = boot();
      const rng = createRng(seed);
      for (let words = 0; words < 3000; words++) k.memory.u32[rng.below(k.contents >>> 2)] = rng.next();
      expect(observeZones(k).findings.length).toBeGreaterThan(0);
    }
  });
});

describe("reports", () => {
  it("/proc/buddyinfo has a line a zone and a column an order", () => {
    const k = createKernel({ boot: { kind: "zones", pages: [1024, 3072, 0] }, slab: "off" });
    allocPages(k, GFP_KERNEL, 1);
    expect(buddyinfo(k)).toBe(
      [
        "Node 0, zone      DMA      0      0      0      0      0      0      0      0      0      0      1 ",
        "Node 0, zone   Normal      0      1      1      1      1      1      1      1      1      1      2 ",
        "",
      ].join("\n"),
    );
  });

  it("/proc/zoneinfo and the report of a failed request tell marks, reserves and sums", () => {
    const k = boot();
    expect(zoneinfo(k)).toContain("        protection: (0, 12, 20)\n");
    expect(zoneinfo(k).match(/pagesets/g)).toHaveLength(3);
    const report = showFreeAreas(k);
    expect(report).toContain("Normal free:12284kB min:384kB low:480kB high:576kB active:0kB");
    expect(report).toContain("lowmem_reserve[]: 0 0 64");
    expect(report).toMatch(/^DMA: 0\*4kB .* 1\*4096kB = 4096kB$/m);
  });
});
