// The two words by which requests for pages and kswapd know of each other.
// Theory:     kswapd sleeps until a request finds a zone low. Who wakes it leaves the largest order anybody wanted; it runs until every
//             zone is at pages_high and then sleeps again. Here the driver of the machine runs it while `kswapd_awake` is set.
// Source:     Linux 2.6.11 mm/vmscan.c (wakeup_kswapd)
// Simplified: one node, so one daemon.
import { type Kernel, type ZoneIndex, zoneNames } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Order } from "../machine";
import { zone as zoneStruct } from "../structs";
import { aboveMark } from "../watermark";
import { zonesData } from "./structs";

const AWAKE = kernelData.offset.zones + zonesData.offset.kswapd_awake;
const MAX_ORDER_WANTED = kernelData.offset.zones + zonesData.offset.kswapd_max_order;

/** Wakes kswapd unless the zone is above pages_low, where reserves against higher zones do not count. */
export function wakeupKswapd(k: Kernel, index: ZoneIndex, order: Order): void {
  const { zone, pages } = k.zones[index];
  if (pages === 0) return;
  const w = k.memory.u32;
  if (aboveMark(k.memory, zone, order, w[(zone + zoneStruct.offset.pages_low) >>> 2]!, 0)) return;
  const wanted = (k.data + MAX_ORDER_WANTED) >>> 2;
  if (w[wanted]! < order) w[wanted] = order;
  const awake = (k.data + AWAKE) >>> 2;
  const slept = w[awake] === 0;
  w[awake] = 1;
  if (k.events !== null) k.events.push({ kind: "kswapd-wake", zone: zoneNames[index], order, slept });
}
