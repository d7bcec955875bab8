// The zones of Linux 2.4, as Gorman describes them: simpler marks, and nothing that protects low memory.
// Theory:     each zone keeps 1/128 of its size, between 20 and 255 pages; kswapd wakes below twice that and sleeps at three times.
// Source:     Gorman 2.2.1, 3.6.1, 6.4; Linux 2.4.22 mm/page_alloc.c (free_area_init_core: zone_balance_ratio, zone_balance_min,
//             zone_balance_max), linux/gfp.h
// Simplified: nothing.

export interface Marks24 {
  readonly min: number;
  readonly low: number;
  readonly high: number;
}

/** The marks of a zone of that many pages. */
export function watermarks24(pages: number): Marks24 {
  const min = Math.min(255, Math.max(20, Math.floor(pages / 128)));
  return { min, low: 2 * min, high: 3 * min };
}

/** Bits of 2.4: HIGH is in every ordinary request, and HIGHIO says that high memory may be read and written directly. */
export const gfp24 = (() => {
  const [DMA, HIGHMEM, WAIT, HIGH, IO, HIGHIO, FS] = [0x01, 0x02, 0x10, 0x20, 0x40, 0x80, 0x100];
  const kernel = HIGH | WAIT | IO | HIGHIO | FS;
  return {
    GFP_ATOMIC: HIGH,
    GFP_NOIO: HIGH | WAIT,
    GFP_NOHIGHIO: HIGH | WAIT | IO,
    GFP_NOFS: HIGH | WAIT | IO | HIGHIO,
    GFP_USER: WAIT | IO | HIGHIO | FS,
    GFP_HIGHUSER: WAIT | IO | HIGHIO | FS | HIGHMEM,
    GFP_KERNEL: kernel,
    GFP_DMA: DMA,
  } as const;
})();
