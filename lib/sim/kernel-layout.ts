// The memory map of the whole machine: where each region starts, for a given number of frames.
import { PAGE_SIZE } from "./constants";
import { kernelData } from "./kernel-data";
import { align } from "./layout";
import type { Addr } from "./machine";
import { NULL_BYTES } from "./memory";
import { MAX_NR_ZONES, pageState, page as pageStruct, zone as zoneStruct } from "./structs";

export interface KernelLayout {
  /** Three `struct zone`. */
  readonly zones: Addr;
  readonly pageState: Addr;
  readonly data: Addr;
  readonly memMap: Addr;
  readonly frameTable: Addr;
  readonly contentsOwner: Addr;
  readonly contents: Addr;
  readonly bytes: number;
}

/** @param pages frames of the machine; @param contents frames that can hold contents at a time. */
export function kernelLayout(pages: number, contents: number): KernelLayout {
  const zones = NULL_BYTES;
  const state = align(zones + MAX_NR_ZONES * zoneStruct.size, 4);
  const data = align(state + pageState.size, 64);
  const memMap = align(data + kernelData.size, PAGE_SIZE);
  const frameTable = memMap + pages * pageStruct.size;
  const contentsOwner = frameTable + pages * 4;
  const start = align(contentsOwner + contents * 4, PAGE_SIZE);
  return {
    zones,
    pageState: state,
    data,
    memMap,
    frameTable,
    contentsOwner,
    contents: start,
    bytes: start + contents * PAGE_SIZE,
  };
}
