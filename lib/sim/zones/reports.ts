// What the kernel prints about its zones: /proc/buddyinfo, /proc/zoneinfo and the report with every failed request.
// Source:     Linux 2.6.11 mm/page_alloc.c (frag_show, show_free_areas); 2.6.13 (zoneinfo_show), since 2.6.11 has no /proc/zoneinfo
// Simplified: one node, one CPU; no NFS, so no unstable pages.
import { PAGE_SHIFT } from "../constants";
import { type Kernel, zoneIndices } from "../kernel";
import { getFullPageState } from "../page-state";
import type { ZoneState } from "./observe";
import { zoneState } from "./observe-zones";

/** /proc/buddyinfo: a line a zone that has pages, the number of free blocks of each order. */
export function buddyinfo(k: Kernel): string {
  return present(k)
    .map(({ name, nrFree }) => `${head(name)} ${nrFree.map((count) => `${String(count).padStart(6)} `).join("")}\n`)
    .join("");
}

/** /proc/zoneinfo. */
export function zoneinfo(k: Kernel): string {
  return present(k).map(zoneLines).join("");
}

/** show_free_areas: what the kernel logs when a request fails or memory runs out. */
export function showFreeAreas(k: Kernel): string {
  const zones = all(k);
  const ps = getFullPageState(k);
  const sum = (field: "active" | "inactive" | "free") => zones.reduce((total, zone) => total + zone[field], 0);
  return [
    ...zones.flatMap(perCpu),
    "",
    `Free pages: ${String(kib(sum("free"))).padStart(11)}kB (${kib(zones[2]!.free)}kB HighMem)`,
    `Active:${sum("active")} inactive:${sum("inactive")} dirty:${ps.nr_dirty} writeback:${ps.nr_writeback} unstable:0 ` +
      `free:${sum("free")} slab:${ps.nr_slab} mapped:${ps.nr_mapped} pagetables:${ps.nr_page_table_pages}`,
    ...zones.flatMap(totals),
    ...zones.map(blocks),
    "",
  ].join("\n");
}

function all(k: Kernel): ZoneState[] {
  return zoneIndices.map((index) => zoneState(k, index));
}

function present(k: Kernel): ZoneState[] {
  return all(k).filter((zone) => zone.present > 0);
}

function head(name: string): string {
  return `Node 0, zone ${name.padStart(8)}`;
}

function zoneLines(zone: ZoneState): string {
  const pagesets = [zone.hot, zone.cold].flatMap((pcp, index) => [
    `    cpu: 0 pcp: ${index}`,
    `              count: ${pcp.count}`,
    `              low:   ${pcp.low}`,
    `              high:  ${pcp.high}`,
    `              batch: ${pcp.batch}`,
  ]);
  return [
    head(zone.name),
    `  pages free     ${zone.free}`,
    `        min      ${zone.min}`,
    `        low      ${zone.low}`,
    `        high     ${zone.high}`,
    `        active   ${zone.active}`,
    `        inactive ${zone.inactive}`,
    `        scanned  ${zone.pagesScanned} (a: ${zone.scanActive} i: ${zone.scanInactive})`,
    `        spanned  ${zone.spanned}`,
    `        present  ${zone.present}`,
    `        protection: (${zone.lowmemReserve.join(", ")})`,
    "  pagesets",
    ...pagesets,
    `  all_unreclaimable: ${Number(zone.allUnreclaimable)}`,
    `  prev_priority:     ${zone.prevPriority}`,
    `  temp_priority:     ${zone.tempPriority}`,
    `  start_pfn:         ${zone.startPfn}`,
    "",
  ].join("\n");
}

function perCpu({ name, present: pages, hot, cold }: ZoneState): string[] {
  if (pages === 0) return [`${name} per-cpu: empty`];
  const marks = ({ low, high, batch }: ZoneState["hot"]) => `low ${low}, high ${high}, batch ${batch}`;
  return [`${name} per-cpu:`, `cpu 0 hot: ${marks(hot)}`, `cpu 0 cold: ${marks(cold)}`];
}

function totals(zone: ZoneState): string[] {
  const sizes = (["free", "min", "low", "high", "active", "inactive", "present"] as const)
    .map((field) => `${field}:${kib(zone[field])}kB`)
    .join(" ");
  const stuck = zone.allUnreclaimable ? "yes" : "no";
  return [
    `${zone.name} ${sizes} pages_scanned:${zone.pagesScanned} all_unreclaimable? ${stuck}`,
    `lowmem_reserve[]: ${zone.lowmemReserve.join(" ")}`,
  ];
}

function blocks({ name, present: pages, nrFree }: ZoneState): string {
  if (pages === 0) return `${name}: empty`;
  const sum = nrFree.reduce((total, count, order) => total + count * 2 ** order, 0);
  return `${name}: ${nrFree.map((count, order) => `${count}*${kib(2 ** order)}kB `).join("")}= ${kib(sum)}kB`;
}

function kib(pages: number): number {
  return pages * 2 ** (PAGE_SHIFT - 10);
}
