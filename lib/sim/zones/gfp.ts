// What a request for pages may do and from where it may be served.
// Theory:     the low two bits name the highest zone; the others say whether the caller can wait, start I/O, enter a file system,
//             take more of the reserve, and what happens after a failure.
// Source:     Linux 2.6.11 linux/gfp.h; Gorman 6.4 (whose 2.4 values differ)
// Simplified: __GFP_COMP has no effect, as in a kernel without huge pages.

export const __GFP_DMA = 0x01;
export const __GFP_HIGHMEM = 0x02;
/** The bits that choose the zonelist. */
export const GFP_ZONEMASK = 0x03;

/** May sleep. */
export const __GFP_WAIT = 0x10;
/** May take half of the reserve. */
export const __GFP_HIGH = 0x20;
export const __GFP_IO = 0x40;
export const __GFP_FS = 0x80;
/** A page that the CPU will not touch soon: from the cold list. */
export const __GFP_COLD = 0x100;
export const __GFP_NOWARN = 0x200;
export const __GFP_REPEAT = 0x400;
export const __GFP_NOFAIL = 0x800;
export const __GFP_NORETRY = 0x1000;
/** Slab: do not grow the cache. */
export const __GFP_NO_GROW = 0x2000;
const __GFP_COMP = 0x4000;
export const __GFP_ZERO = 0x8000;

export const GFP_ATOMIC = __GFP_HIGH;
export const GFP_NOIO = __GFP_WAIT;
export const GFP_NOFS = __GFP_WAIT | __GFP_IO;
export const GFP_KERNEL = __GFP_WAIT | __GFP_IO | __GFP_FS;
export const GFP_USER = GFP_KERNEL;
export const GFP_HIGHUSER = GFP_KERNEL | __GFP_HIGHMEM;
export const GFP_DMA = __GFP_DMA;

const modifiers: readonly (readonly [bit: number, name: string])[] = [
  [__GFP_DMA, "__GFP_DMA"],
  [__GFP_HIGHMEM, "__GFP_HIGHMEM"],
  [__GFP_WAIT, "__GFP_WAIT"],
  [__GFP_HIGH, "__GFP_HIGH"],
  [__GFP_IO, "__GFP_IO"],
  [__GFP_FS, "__GFP_FS"],
  [__GFP_COLD, "__GFP_COLD"],
  [__GFP_NOWARN, "__GFP_NOWARN"],
  [__GFP_REPEAT, "__GFP_REPEAT"],
  [__GFP_NOFAIL, "__GFP_NOFAIL"],
  [__GFP_NORETRY, "__GFP_NORETRY"],
  [__GFP_NO_GROW, "__GFP_NO_GROW"],
  [__GFP_COMP, "__GFP_COMP"],
  [__GFP_ZERO, "__GFP_ZERO"],
];

/** The names of the bits that are set, lowest first. */
export function gfpNames(gfp: number): string[] {
  return modifiers.filter(([bit]) => (gfp & bit) !== 0).map(([, name]) => name);
}
