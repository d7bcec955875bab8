// The whole table of domain.md A.1, read from the structs of machines of these sizes.
import { expect, test } from "vitest";
import { waitTableSize } from "../boot/low-memory";
import { createKernel } from "../create-kernel";
import { decode } from "../layout";
import { zone as zoneStruct } from "../structs";
import { minFreeKbytes } from "./watermarks";

type Triple = readonly [dma: number, normal: number, highmem: number];

/** Pages; min_free_kbytes and its pages; marks of DMA, Normal and HighMem; reserves; batches and wait queues of zones with pages. */
const golden: readonly (readonly [
  mib: number,
  pages: Triple,
  minFree: readonly [kbytes: number, pages: number],
  marks: readonly [dma: Triple, normal: Triple, highmem: Triple],
  reserve: readonly [dmaNormal: number, dmaHigh: number, normalHigh: number],
  batch: readonly number[],
  queues: readonly number[],
])[] = [
  [
    16,
    [4096, 0, 0],
    [512, 128],
    [
      [128, 160, 192],
      [0, 0, 0],
      [32, 40, 48],
    ],
    [0, 0, 0],
    [1],
    [16],
  ],
  [
    32,
    [4096, 4096, 0],
    [724, 181],
    [
      [90, 112, 135],
      [90, 112, 135],
      [32, 40, 48],
    ],
    [16, 16, 0],
    [1, 1],
    [16, 16],
  ],
  [
    64,
    [4096, 12288, 0],
    [1024, 256],
    [
      [64, 80, 96],
      [192, 240, 288],
      [32, 40, 48],
    ],
    [48, 48, 0],
    [1, 3],
    [16, 64],
  ],
  [
    128,
    [4096, 28672, 0],
    [1448, 362],
    [
      [45, 56, 67],
      [316, 395, 474],
      [32, 40, 48],
    ],
    [112, 112, 0],
    [1, 7],
    [16, 128],
  ],
  [
    256,
    [4096, 61440, 0],
    [2048, 512],
    [
      [32, 40, 48],
      [480, 600, 720],
      [32, 40, 48],
    ],
    [240, 240, 0],
    [1, 15],
    [16, 256],
  ],
  [
    512,
    [4096, 126976, 0],
    [2896, 724],
    [
      [22, 27, 33],
      [701, 876, 1051],
      [32, 40, 48],
    ],
    [496, 496, 0],
    [1, 16],
    [16, 512],
  ],
  [
    896,
    [4096, 225280, 0],
    [3831, 957],
    [
      [17, 21, 25],
      [939, 1173, 1408],
      [32, 40, 48],
    ],
    [880, 880, 0],
    [1, 16],
    [16, 1024],
  ],
  [
    1024,
    [4096, 225280, 32768],
    [3831, 957],
    [
      [17, 21, 25],
      [939, 1173, 1408],
      [32, 40, 48],
    ],
    [880, 1008, 1024],
    [1, 16, 8],
    [16, 1024, 128],
  ],
  [
    2048,
    [4096, 225280, 294912],
    [3831, 957],
    [
      [17, 21, 25],
      [939, 1173, 1408],
      [128, 160, 192],
    ],
    [880, 2032, 9216],
    [1, 16, 16],
    [16, 1024, 2048],
  ],
  [
    4096,
    [4096, 225280, 819200],
    [3831, 957],
    [
      [17, 21, 25],
      [939, 1173, 1408],
      [128, 160, 192],
    ],
    [880, 4080, 25600],
    [1, 16, 16],
    [16, 1024, 4096],
  ],
];

test.each(golden)("a machine of %i MiB (domain.md A.1)", (mib, pages, minFree, marks, reserve, batch, queues) => {
  expect(pages[0] + pages[1] + pages[2]).toBe(mib * 256);
  const k = createKernel({ boot: { kind: "zones", pages }, slab: "off", contents: 64 });
  const kbytes = minFreeKbytes(k);
  expect([kbytes, kbytes >>> 2]).toEqual(minFree);
  const zones = k.zones.map(({ zone }) => {
    const value = decode(k.memory, zoneStruct, zone);
    // A struct decodes to an object of its fields.
    return value as unknown as Record<"pages_min" | "pages_low" | "pages_high", number> & {
      readonly lowmem_reserve: readonly number[];
      readonly pageset: readonly { readonly batch: number }[];
    };
  });
  expect(zones.map((each) => [each.pages_min, each.pages_low, each.pages_high])).toEqual(marks);
  const [dma, normal, highmem] = zones.map(({ lowmem_reserve }) => lowmem_reserve);
  expect([dma, normal, highmem]).toEqual([
    [0, reserve[0], reserve[1]],
    [0, 0, reserve[2]],
    [0, 0, 0],
  ]);
  const present = zones.filter((_, index) => pages[index]! > 0);
  expect(present.map(({ pageset }) => pageset[0]!.batch)).toEqual(batch);
  expect(pages.filter((count) => count > 0).map(waitTableSize)).toEqual(queues);
});
