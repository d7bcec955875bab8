// What domain.md A.2 says about boot memory, allocation by allocation.
import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import type { SimEvent } from "../events";
import type { E820Entry } from "../kernel";

const map = (mib: number): E820Entry[] => [
  { addr: 0, size: 0x9fc00, type: 1 },
  { addr: 0x9fc00, size: 0x400, type: 2 },
  { addr: 0xe8000, size: 0x18000, type: 2 },
  { addr: 0x100000, size: mib * 2 ** 20 - 0x100000, type: 1 },
];

test.each([
  { mib: 64, memMap: 524320, wait: [0x1080080, 0x1080100], last: [0x1080, 768] },
  { mib: 128, memMap: 1048608, wait: [0x1100080, 0x1100100], last: [0x1100, 1280] },
  { mib: 1024, memMap: 8388640, wait: [0x1800080, 0x1800100, 0x1802100], last: [0x1802, 1280] },
])("$mib MiB: one early table, fixmap, pkmap, mem_map, wait tables (domain.md A.2)", ({ mib, memMap, wait, last }) => {
  const events: SimEvent[] = [];
  createKernel(
    { boot: { kind: "e820", map: map(mib), imageEnd: 0x3a0000 }, slab: "off", contents: 512 },
    undefined,
    events,
  );
  expect(events.find(({ kind }) => kind === "boot-early-tables")).toMatchObject({ pg0: 0x3a0000, tables: 1 });
  expect(events.find(({ kind }) => kind === "bootmem-init")).toMatchObject({ pfn: 0x3a1 });
  const allocs = events.filter((event) => event.kind === "bootmem-alloc");
  expect(allocs.map(({ owner, addr }) => [owner, addr])).toEqual([
    ["page tables", 0x1000],
    ["page tables", 0x2000],
    ["mem_map", 0x1000000],
    ...["wait table DMA", "wait table Normal", "wait table HighMem"]
      .slice(0, wait.length)
      .map((owner, i) => [owner, wait[i]]),
  ]);
  expect(allocs[2]).toMatchObject({ bytes: memMap });
  expect(allocs.at(-1)).toMatchObject({ lastPos: last[0], lastOffset: last[1] });
});
