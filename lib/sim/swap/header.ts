// The header of a swap area: page 0 of the device, as mkswap writes it and swapon reads it.
// Theory:     the signature stands at the very end of the page, so that a boot sector may stay at its start. The list of bad pages
//             fills what is left between them: 637 at most.
// Source:     Linux 2.6.11 linux/swap.h (union swap_header, MAX_SWAP_BADPAGES), mm/swapfile.c (sys_swapon); util-linux mkswap; Gorman 11.4
// Simplified: the old version "SWAP-SPACE" is known only to be refused, as the kernel does.
//
//     0          1024 version | last_page | nr_badpages | padding 1536 badpages ...          4086 SWAPSPACE2
import { PAGE_SIZE } from "../constants";
import { largestSwapOffset, type PteFormat } from "../mmu/pte";

const SIGNATURE = "SWAPSPACE2";
const SIGNATURE_AT = PAGE_SIZE - SIGNATURE.length;
const VERSION_AT = 1024;
const LAST_PAGE_AT = 1028;
const NR_BADPAGES_AT = 1032;
const BADPAGES_AT = 1536;
export const MAX_SWAP_BADPAGES = Math.floor((SIGNATURE_AT - BADPAGES_AT) / 4);

/** What a valid header says about the area. */
export interface SwapHeader {
  /** Size of the slot array; highest_bit starts one below it. */
  readonly max: number;
  /** Usable slots. */
  readonly pages: number;
  readonly badPages: readonly number[];
}

/** Why swapon refuses a header; all mean -EINVAL. */
export type HeaderRefusal =
  | "no-signature"
  | "old-version"
  | "version"
  | "too-many-bad"
  | "bad-page-number"
  | "too-short"
  | "empty";

/**
 * Writes the header for a device of `devicePages` pages.
 * @param page the first page of the device. @throws RangeError for more bad pages than fit.
 */
export function mkswap(page: Uint8Array, devicePages: number, badPages: readonly number[] = []): void {
  if (badPages.length > MAX_SWAP_BADPAGES)
    throw new RangeError(`${badPages.length} bad pages: the header holds ${MAX_SWAP_BADPAGES}`);
  const view = new DataView(page.buffer, page.byteOffset, PAGE_SIZE);
  view.setUint32(VERSION_AT, 1, true);
  view.setUint32(LAST_PAGE_AT, devicePages - 1, true);
  view.setUint32(NR_BADPAGES_AT, badPages.length, true);
  for (const [index, bad] of badPages.entries()) view.setUint32(BADPAGES_AT + index * 4, bad, true);
  for (let index = 0; index < SIGNATURE.length; index++) page[SIGNATURE_AT + index] = SIGNATURE.charCodeAt(index);
}

/**
 * Reads the header as swapon does.
 * @param page the first page of the device. @param devicePages its size, 0 if unknown. @param format of the entries that will name the slots.
 */
export function parseSwapHeader(page: Uint8Array, devicePages: number, format: PteFormat): SwapHeader | HeaderRefusal {
  const view = new DataView(page.buffer, page.byteOffset, PAGE_SIZE);
  const signature = String.fromCharCode(...page.subarray(SIGNATURE_AT, PAGE_SIZE));
  if (signature === "SWAP-SPACE") return "old-version";
  if (signature !== SIGNATURE) return "no-signature";
  if (view.getUint32(VERSION_AT, true) !== 1) return "version";
  const lastPage = view.getUint32(LAST_PAGE_AT, true);
  const nrBad = view.getUint32(NR_BADPAGES_AT, true);
  const max = Math.min(lastPage, largestSwapOffset[format] - 1);
  if (nrBad > MAX_SWAP_BADPAGES) return "too-many-bad";
  const badPages = Array.from({ length: nrBad }, (_, index) => view.getInt32(BADPAGES_AT + index * 4, true));
  // Above `max` there is no counter to mark; the kernel writes beyond its array there.
  if (badPages.some((bad) => bad <= 0 || bad >= max)) return "bad-page-number";
  if (devicePages > 0 && max > devicePages) return "too-short";
  const pages = lastPage - nrBad - 1;
  return pages <= 0 ? "empty" : { max, pages, badPages };
}
