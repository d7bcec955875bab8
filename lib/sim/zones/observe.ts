// The observable state of the zones: what a figure of marks and pressure draws. Plain data; observe-zones.ts decodes it.
import type { Finding } from "../finding";
import type { ZoneName } from "../kernel";

export interface PcpNumbers {
  readonly count: number;
  readonly low: number;
  readonly high: number;
  readonly batch: number;
}

/** Pages unless it says otherwise. */
export interface ZoneState {
  readonly name: ZoneName;
  readonly startPfn: number;
  readonly spanned: number;
  readonly present: number;
  /** Pages in the buddy lists; parked ones are in `pcp`. */
  readonly free: number;
  readonly min: number;
  readonly low: number;
  readonly high: number;
  /** Kept from requests whose class zone is DMA, Normal, HighMem. */
  readonly lowmemReserve: readonly number[];
  /** Blocks of each order. */
  readonly nrFree: readonly number[];
  readonly hot: PcpNumbers;
  readonly cold: PcpNumbers;
  readonly active: number;
  readonly inactive: number;
  readonly scanActive: number;
  readonly scanInactive: number;
  readonly pagesScanned: number;
  readonly allUnreclaimable: boolean;
  readonly prevPriority: number;
  readonly tempPriority: number;
  /** Bad pages met and repaired. */
  readonly tainted: number;
}

export interface ZonesState {
  readonly kind: "zones";
  readonly minFreeKbytes: number;
  readonly kswapd: { readonly awake: boolean; readonly maxOrder: number };
  readonly totalram: number;
  readonly totalhigh: number;
  /** DMA, Normal, HighMem; an absent zone has 0 pages. */
  readonly zones: readonly ZoneState[];
  /** /proc/vmstat, by the names there. */
  readonly pageState: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}
