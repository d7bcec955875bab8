// The observable state of boot: the map, the boot allocator while there is one, and who got what. observe-boot.ts decodes it.
import type { Finding } from "../finding";
import type { E820Entry } from "../kernel";
import type { BootOwner } from "./structs";

export interface BootmemState {
  readonly lowPages: number;
  /** Ranges of pages whose bit is 1, ascending: first page and the page behind the last. */
  readonly taken: readonly (readonly [number, number])[];
  readonly lastPos: number;
  readonly lastOffset: number;
  readonly lastSuccess: number;
}

/** What pages are: `memory` is RAM that boot left to the page allocator, `no memory` what no entry of the map names. */
export type PageUse = BootOwner | "memory" | "reserved" | "ACPI" | "no memory";

export interface BootState {
  readonly kind: "boot";
  /** As the kernel sees it, after the command line. Empty for a machine that started with free zones. */
  readonly map: readonly E820Entry[];
  readonly startPfn: number;
  readonly maxLowPfn: number;
  readonly maxPfn: number;
  /** Null once the page allocator has taken over. */
  readonly bootmem: BootmemState | null;
  /** In order of time. Physical addresses. */
  readonly log: readonly { readonly owner: BootOwner; readonly start: number; readonly bytes: number }[];
  /** The whole of memory in ranges of pages with one use, ascending: first page and the page behind the last. */
  readonly strip: readonly { readonly use: PageUse; readonly start: number; readonly end: number }[];
  /** Pages of low memory that the page allocator got when bootmem ended. */
  readonly released: number;
  readonly totalram: number;
  readonly totalhigh: number;
  /** Pages of RAM in low memory that nobody will ever free. */
  readonly reserved: number;
  readonly findings: readonly Finding[];
}
