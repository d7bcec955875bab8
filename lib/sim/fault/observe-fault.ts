// Decodes tasks, mapped frames and their sharing from memory, and the fault log from events. Bounded, never throws.
// Source: domain 8.8
import { pageFlags } from "../constants";
import { current } from "../current";
import type { SimEvent } from "../events";
import { canHold, pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { getMm } from "../mm/vma";
import { pteDirty, pteFile, ptePfn, ptePresent, pteWrite, pteYoung } from "../mmu/pte";
import { pageAnon, pageCount, pageIndex, pageMapcount, pageMapping, testPageFlag } from "../page-fields";
import { readPageState } from "../page-state";
import { mmStruct, taskStruct } from "../structs-mm";
import type { FaultLogEntry, FaultState, FrameView, MappingView, SwappedView, TaskView } from "./observe";
import { getTask, taskList, taskStates } from "./task";
import { addressSpaces, eachUserEntry } from "./user-entries";
import { peekZeroPfn } from "./zero-page";

export function observeFault(k: Kernel): FaultState {
  const w = k.memory.u32;
  const mappings = new Map<number, MappingView[]>();
  const swapped: SwappedView[] = [];
  for (const mm of addressSpaces(k))
    eachUserEntry(k, mm, (address, pte) => {
      if (!ptePresent(pte)) {
        if (!pteFile(pte)) swapped.push({ mm, address, pte });
        return;
      }
      const pfn = ptePfn(k, pte);
      const view = { mm, address, pte, writable: pteWrite(pte), dirty: pteDirty(pte), young: pteYoung(pte) };
      const known = mappings.get(pfn);
      if (known) known.push(view);
      else mappings.set(pfn, [view]);
    });
  const running = current(k);
  return {
    tasks: taskList(k).map((task) => observeTask(k, task)),
    current: canHold(k, running, taskStruct.size) ? getTask(w, running, "pid") : 0,
    frames: [...mappings].sort(([a], [b]) => a - b).map(([pfn, views]) => observeFrame(k, pfn, views)),
    swapped,
    nrMapped: readPageState(k, "nr_mapped"),
    pgfault: readPageState(k, "pgfault"),
    pgmajfault: readPageState(k, "pgmajfault"),
  };
}

function observeTask(k: Kernel, task: Addr): TaskView {
  const w = k.memory.u32;
  const mm = getTask(w, task, "mm");
  const space = canHold(k, mm, mmStruct.size) ? mm : 0;
  const count = (field: Parameters<typeof getMm>[2]) => (space === 0 ? 0 : getMm(w, space, field));
  const parent = getTask(w, task, "parent");
  const code = getTask(w, task, "state");
  const names = Object.entries(taskStates).find(([, value]) => value === code);
  return {
    pid: getTask(w, task, "pid"),
    parent: canHold(k, parent, taskStruct.size) ? getTask(w, parent, "pid") : 0,
    comm: commOf(k, task),
    state: (names?.[0] as keyof typeof taskStates | undefined) ?? "unknown",
    mm: space,
    minFlt: getTask(w, task, "min_flt"),
    majFlt: getTask(w, task, "maj_flt"),
    rss: count("rss"),
    anonRss: count("anon_rss"),
    totalVm: count("total_vm"),
    nrPtes: count("nr_ptes"),
  };
}

function commOf(k: Kernel, task: Addr): string {
  const at = task + taskStruct.offset.comm;
  const bytes = k.memory.u8.subarray(at, at + 16);
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.subarray(0, end < 0 ? 16 : end));
}

function observeFrame(k: Kernel, pfn: number, mappings: readonly MappingView[]): FrameView {
  const page = pfnToPage(k, pfn);
  if (page === 0) return { pfn, count: 0, mapcount: 0, flags: [], owner: "none", index: 0, mappings };
  const isZero = pfn === peekZeroPfn(k);
  const isFile = pageMapping(k, page) !== 0;
  return {
    pfn,
    count: pageCount(k, page),
    mapcount: pageMapcount(k, page),
    flags: (Object.keys(pageFlags) as (keyof typeof pageFlags)[]).filter((flag) => testPageFlag(k, page, flag)),
    owner: isZero ? "zero" : pageAnon(k, page) ? "anon" : isFile ? "file" : "none",
    index: pageIndex(k, page),
    mappings,
  };
}

/** The faults that these events tell of, in order. */
export function faultLog(events: readonly SimEvent[]): FaultLogEntry[] {
  const log: FaultLogEntry[] = [];
  let handled: FaultLogEntry["handled"][number][] = [];
  let open: { pid: number; address: number; code: number } | null = null;
  for (const event of events) {
    if (event.kind === "page-fault") {
      open = { pid: event.pid, address: event.address, code: event.code };
      handled = [];
    } else if (event.kind === "fault-handled") {
      handled.push({ how: event.how, before: event.before, after: event.after, pfn: event.pfn });
    } else if (event.kind === "fault-ended" && open !== null) {
      log.push({ ...open, outcome: event.outcome, handled });
      open = null;
    }
  }
  return log;
}
