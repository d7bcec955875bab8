// The reclaim data sets: the kernel's refill_inactive_zone, shrink_cache and mark_page_accessed, compiled in user space.
// Source: oracles/README.md section 4 and the files' own `meta`.
import { endPageWriteback, setPageDirty } from "@/lib/sim/cache/page-cache";
import { PAGE_MAPPING_ANON } from "@/lib/sim/constants";
import { recordEvents } from "@/lib/sim/create-kernel";
import type { SimEvent } from "@/lib/sim/events";
import type { Kernel } from "@/lib/sim/kernel";
import { KernelBug } from "@/lib/sim/kernel-bug";
import { pageCount, setPageFlag, testPageFlag } from "@/lib/sim/page-fields";
import { isolate, lruListOf, putBack } from "@/lib/sim/reclaim/isolate";
import { lruCacheAddActive, markPageAccessed, putPage } from "@/lib/sim/reclaim/lru";
import { reclaimVar } from "@/lib/sim/reclaim/reclaim-data";
import { refillInactiveZone } from "@/lib/sim/reclaim/refill-inactive";
import { scanControl } from "@/lib/sim/reclaim/scan-control";
import { shrinkCache } from "@/lib/sim/reclaim/shrink-cache";
import { swapTendency } from "@/lib/sim/reclaim/swap-tendency";
import { pageState, page as pageStruct, zone as zoneStruct } from "@/lib/sim/structs";
import { allocPages } from "@/lib/sim/zones/alloc-pages";
import { GFP_HIGHUSER, GFP_KERNEL } from "@/lib/sim/zones/gfp";
import {
  BadData,
  type CaseOutcome,
  type Difference,
  integer,
  type Json,
  list,
  record,
  sameJson,
  text,
} from "./data-set";
import { bootMachine, letters, type Machine, MOST_PAGES, newFilePage, swapAt } from "./vmscan-machine";

const COUNT = pageStruct.offset.count >>> 2;
const MAPCOUNT = pageStruct.offset.mapcount >>> 2;
const MAPPING = pageStruct.offset.mapping >>> 2;

/** swap_tendency.json: the decision and the number behind it, by the formula and by a scan of one mapped, unused page. */
export function* swapTendencies(data: Json): Iterable<CaseOutcome> {
  const machines = new Map<number, Machine>();
  for (const [index, item] of list(record(data, "file").cases, "cases").entries()) {
    const name = `case ${index}`;
    const row = list(item, name);
    const [total, nrMapped, swappiness, prevPriority] = ["total", "nr_mapped", "swappiness", "prev_priority"].map(
      (column, place) => natural(row[place], `${name}: ${column}`),
    ) as [number, number, number, number];
    if (total === 0 || prevPriority > 12) throw new BadData(`${name}: total 0, or a priority above 12`);
    const expected = [integer(row[4], `${name}: swap_tendency`), integer(row[5], `${name}: reclaim_mapped`)];
    const machine = machines.get(swappiness) ?? bootMachine(swappiness);
    machines.set(swappiness, machine);
    const formula = swapTendency(nrMapped, total, prevPriority, swappiness);
    const [scanned, moved] = scanMappedPage(machine, total, nrMapped, prevPriority);
    const difference =
      differ("formula", expected, [formula.tendency, Number(formula.reclaimMapped)]) ??
      differ("scan of one mapped page", expected, [scanned, Number(moved)]);
    yield { name, difference };
  }
}

/** Puts one mapped page on the active list and scans it. @returns the tendency and whether the page became inactive. */
function scanMappedPage({ k, mapping, pages }: Machine, total: number, nrMapped: number, prevPriority: number) {
  const zone = k.zones[1];
  if (pages.length === 0) {
    pages.push(newFilePage(k, mapping, 0));
    k.memory.i32[(pages[0]! >>> 2) + MAPCOUNT] = 1;
  }
  const active = testPageFlag(k, pages[0]!, "PG_active");
  if (!active) {
    isolate(k, zone, "inactive", 1);
    setPageFlag(k, pages[0]!, "PG_active");
    putBack(k, zone, "active", pages[0]!);
    putPage(k, pages[0]!);
  }
  const tendency = refill(k, 1, total, prevPriority, nrMapped);
  return [tendency, !testPageFlag(k, pages[0]!, "PG_active")] as const;
}

/** lru_traces_2.6.11.json: both lists, the flags of all pages and what was freed, after each operation. */
export function* lruTraces(data: Json): Iterable<CaseOutcome> {
  for (const [index, item] of list(record(data, "file").traces, "traces").entries()) {
    const trace = record(item, `traces[${index}]`);
    const name = `trace ${index} (profile ${trace.profile ?? "?"}, seed ${trace.seed ?? "?"})`;
    const totalMemory = natural(trace.total_memory, `${name}.total_memory`);
    if (totalMemory === 0) throw new BadData(`${name}: total_memory is 0`);
    const machine = bootMachine(natural(trace.vm_swappiness, `${name}.vm_swappiness`));
    const swapPages = natural(trace.total_swap_pages, `${name}.total_swap_pages`);
    machine.k.memory.i32[swapAt(machine.k, "total_swap_pages") >>> 2] = swapPages;
    yield { name, difference: runTrace(machine, list(trace.ops, `${name}.ops`), totalMemory, name) };
  }
}

function runTrace(machine: Machine, ops: readonly Json[], totalMemory: number, name: string): Difference | null {
  const { k } = machine;
  const lists = { active: [] as Json, inactive: [] as Json };
  const flags = new Map<number, string>();
  for (const [index, item] of ops.entries()) {
    const op = list(item, `${name}: op ${index}`);
    const where = `${name}: op ${index} ${text(op[0], `${name}: op ${index}`)}`;
    const at = `op ${index} ${op.slice(0, -1).join(" ")}`;
    const delta = record(op.at(-1), where);
    const events: SimEvent[] = [];
    recordEvents(k, events);
    let wrong: Difference | null;
    try {
      wrong = apply(machine, op, totalMemory, where, at);
    } catch (error) {
      if (!(error instanceof KernelBug)) throw error;
      return { at, expected: "no BUG", actual: error.message };
    }
    recordEvents(k, null);
    if (wrong) return wrong;
    for (const key of ["active", "inactive"] as const)
      if (delta[key] !== undefined) lists[key] = list(delta[key], `${where}: ${key}`);
    for (const [page, letters] of Object.entries(record(delta.flags ?? {}, `${where}: flags`)))
      flags.set(Number(page), text(letters, `${where}: flags`));
    const difference =
      differ(`${at}: freed`, list(delta.freed ?? [], `${where}: freed`), freedBy(machine, events)) ??
      differ(`${at}: active list`, lists.active, pagesOn(machine, "active")) ??
      differ(`${at}: inactive list`, lists.inactive, pagesOn(machine, "inactive")) ??
      compareFlags(machine, flags, at);
    if (difference) return difference;
  }
  return null;
}

/** Runs one operation; a difference in what it returned ends the trace. */
function apply(machine: Machine, op: Json[], totalMemory: number, where: string, at: string): Difference | null {
  const { k, pages, young } = machine;
  const number = (place: number) => natural(op[place], `${where}: argument ${place}`);
  switch (op[0]) {
    case "nop":
      return null;
    case "add_file":
    case "add_anon":
      addPage(machine, op[0], number(1), number(2), number(3) === 1, where);
      return null;
    case "refill":
      if (number(2) > 12) throw new BadData(`${where}: priority above 12`);
      return differ(`${at}: swap_tendency`, number(4), refill(k, number(1), totalMemory, number(2), number(3)));
    case "shrink_cache":
      return differ(`${at}: results`, [number(2), number(3), number(4)], shrink(k, number(1)));
  }
  const page = pages[number(1)];
  if (page === undefined || machine.freed.has(number(1)))
    throw new BadData(`${where}: page ${number(1)} does not exist`);
  if (op[0] === "access") markPageAccessed(k, page);
  else if (op[0] === "pte_touch") young.add(page);
  else if (op[0] === "dirty") setPageDirty(k, page);
  else if (op[0] === "io_done") endPageWriteback(k, page);
  else throw new BadData(`${where}: unknown operation`);
  return null;
}

function addPage(machine: Machine, kind: string, index: number, mapped: number, dirty: boolean, where: string): void {
  const { k, pages, young, mapping } = machine;
  if (index !== pages.length || index >= MOST_PAGES) throw new BadData(`${where}: page ${index} is not the next one`);
  if (kind === "add_anon" && mapped === 0) throw new BadData(`${where}: an anonymous page that nobody maps`);
  const page = kind === "add_file" ? newFilePage(k, mapping, index) : allocPages(k, GFP_HIGHUSER, 0);
  pages.push(page);
  if (kind === "add_anon") {
    k.memory.u32[(page >>> 2) + MAPPING] = PAGE_MAPPING_ANON;
    lruCacheAddActive(k, page);
    setPageFlag(k, page, "PG_referenced");
    k.memory.i32[(page >>> 2) + COUNT] = 0;
  }
  k.memory.i32[(page >>> 2) + MAPCOUNT] = mapped;
  k.memory.i32[(page >>> 2) + COUNT]! += mapped;
  if (mapped > 0) young.add(page);
  if (dirty) setPageDirty(k, page);
}

/** @returns the swap tendency that the scan went by. */
function refill(k: Kernel, nrToScan: number, total: number, prevPriority: number, nrMapped: number): number {
  const events: SimEvent[] = [];
  const before = k.events;
  k.memory.u32[reclaimVar(k, "total_memory") >>> 2] = total;
  k.memory.u32[(k.zones[1].zone + zoneStruct.offset.prev_priority) >>> 2] = prevPriority;
  k.events = events;
  refillInactiveZone(k, k.zones[1], { ...scanControl(k, GFP_KERNEL), nrMapped, nrToScan });
  k.events = before;
  const event = events.find((each) => each.kind === "refill-inactive");
  return event?.kind === "refill-inactive" ? event.tendency : -1;
}

/** As kswapd. @returns nr_scanned, nr_reclaimed, and the pages that its counter says it stole. */
function shrink(k: Kernel, nrToScan: number): number[] {
  const stolen = (k.pageState + pageState.offset.kswapd_steal) >>> 2;
  const before = k.memory.u32[stolen]!;
  const sc = { ...scanControl(k, GFP_KERNEL), nrToScan };
  k.memory.u32[reclaimVar(k, "kswapd_runs") >>> 2] = 1;
  shrinkCache(k, k.zones[1], sc);
  k.memory.u32[reclaimVar(k, "kswapd_runs") >>> 2] = 0;
  return [sc.nrScanned, sc.nrReclaimed, k.memory.u32[stolen]! - before];
}

/** The pages that this operation freed, in order, if just those have no reference left. */
function freedBy(machine: Machine, events: readonly SimEvent[]): Json {
  const { k, pages, freed } = machine;
  const said = events.flatMap((event) =>
    event.kind === "shrink-page" && event.verdict === "free"
      ? [pages.lastIndexOf(k.memMap + event.pfn * pageStruct.size)]
      : [],
  );
  const gone = [...pages.keys()].filter((page) => !freed.has(page) && pageCount(k, pages[page]!) === 0);
  for (const page of gone) freed.add(page);
  return sameJson(
    [...said].sort((a, b) => a - b),
    gone,
  )
    ? said
    : `events say ${said}, without reference are ${gone}`;
}

function pagesOn({ k, pages }: Machine, name: "active" | "inactive"): Json {
  const head = lruListOf(k.zones[1], name);
  const numbers: number[] = [];
  for (let at = k.memory.u32[head >>> 2]!; at !== head && numbers.length <= pages.length; at = k.memory.u32[at >>> 2]!)
    numbers.push(pages.lastIndexOf(at - pageStruct.offset.lru));
  const field = name === "active" ? zoneStruct.offset.nr_active : zoneStruct.offset.nr_inactive;
  const stored = k.memory.u32[(k.zones[1].zone + field) >>> 2]!;
  return stored === numbers.length ? numbers : `nr_${name} is ${stored} for ${numbers}`;
}

function compareFlags(machine: Machine, expected: ReadonlyMap<number, string>, at: string): Difference | null {
  const known = differ(
    `${at}: pages with flags`,
    [...expected.keys()].sort((a, b) => a - b),
    [...machine.pages.keys()],
  );
  if (known) return known;
  for (const page of machine.pages.keys()) {
    const difference = differ(`${at}: flags of page ${page}`, expected.get(page) ?? null, letters(machine, page));
    if (difference) return difference;
  }
  return null;
}

function natural(value: Json | undefined, where: string): number {
  const number = integer(value, where);
  if (number < 0) throw new BadData(`${where}: ${number} is negative`);
  return number;
}

function differ(at: string, expected: Json, actual: Json): Difference | null {
  return sameJson(expected, actual) ? null : { at, expected, actual };
}
