// What one scan has to do and what it has done so far.
// Source: Linux 2.6.11 mm/vmscan.c (scan_control), linux/swap.h (SWAP_CLUSTER_MAX), linux/mmzone.h (DEF_PRIORITY)
import type { Kernel } from "../kernel";
import { readPageState } from "../page-state";

export const SWAP_CLUSTER_MAX = 32;
/** A scan at priority p looks at a 2^-p part of the lists; it starts here and goes down to 0. */
export const DEF_PRIORITY = 12;

export interface ScanControl {
  readonly gfp: number;
  priority: number;
  /** Mapped pages when the scan began. */
  nrMapped: number;
  nrToScan: number;
  nrScanned: number;
  nrReclaimed: number;
  nrToReclaim: number;
  /** In laptop mode: whether pages may be written by now. */
  mayWritepage: boolean;
}

export function scanControl(k: Kernel, gfp: number): ScanControl {
  return {
    gfp,
    priority: DEF_PRIORITY,
    nrMapped: readPageState(k, "nr_mapped"),
    nrToScan: 0,
    nrScanned: 0,
    nrReclaimed: 0,
    nrToReclaim: 0,
    mayWritepage: false,
  };
}
