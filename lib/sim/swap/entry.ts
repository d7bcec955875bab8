// Swap entries: which slot of which area, as one number.
// Theory:     the type (number of the area) stands in the top 5 bits, the offset (slot) in the low 27. Slot 0 holds the header and is
//             never handed out, so the number 0 can mean "none".
// Source:     Linux 2.6.11 linux/swapops.h (swp_entry, swp_type, swp_offset); Gorman 11.2 (whose 2.4 format has six type bits)
//
//     31    27 26                          0
//     [ type ][           offset            ]        in a page table: mmu/pte.ts swpEntryToPte, pteToSwpEntry

export type SwapEntry = number;

const TYPE_UNIT = 2 ** 27;
const OFFSET_MASK = TYPE_UNIT - 1;

export function swpEntry(type: number, offset: number): SwapEntry {
  return type * TYPE_UNIT + offset;
}

export function swpType(entry: SwapEntry): number {
  return entry >>> 27;
}

export function swpOffset(entry: SwapEntry): number {
  return entry & OFFSET_MASK;
}

/** The general form of a slot; null if the type is above 31 or the offset needs more than 27 bits. */
export function toGeneric(type: number, offset: number): SwapEntry | null {
  if (!Number.isInteger(type) || type < 0 || type > 31) return null;
  if (!Number.isInteger(offset) || offset < 0 || offset > OFFSET_MASK) return null;
  return swpEntry(type, offset);
}
