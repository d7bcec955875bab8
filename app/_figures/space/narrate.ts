// An address space in words: the state, and what a system call does to it.

import type { Moment } from "@/lib/scenarios/run";
import type { Result } from "@/lib/scenarios/scenario";
import type { SpaceOp, SpaceState } from "@/lib/scenarios/space-types";
import { PAGE_SIZE } from "@/lib/sim/constants";
import type { SimEvent } from "@/lib/sim/events";
import { errorName } from "../error-name";
import { joinSentences } from "../sentences";
import { address, size } from "./amounts";
import type { Words } from "./layout";
import { processesOf } from "./table";

export function summarizeSpace(state: SpaceState, words: Words): string {
  const processes = processesOf(state);
  if (processes.length === 0) return words("ended");
  return joinSentences(
    processes.map(([who, process]) => {
      const { areas, totalVm, rss, lockedVm, cache } = process;
      if (areas.length === 0) return words("summaryEmpty", { who, cache: address(cache) });
      const tied = areas.reduce((sum, area) => sum + area.tied, 0);
      const highest = areas.at(-1);
      const lowest = areas[0];
      return words("summary", {
        who,
        areas: areas.length,
        pages: totalVm,
        resident: rss,
        locked: lockedVm,
        tied,
        cache: address(cache),
        lowest: address(lowest?.start ?? 0),
        highest: address(highest?.end ?? 0),
      });
    }),
  );
}

const caseNames = ["", "one", "two", "three", "four", "five", "six", "seven", "eight"] as const;

export function tellSpace(event: SimEvent, words: Words, { events }: Moment<SpaceState>): string | null {
  const range = (start: number, end: number) => `${address(start)}–${address(end)}`;
  switch (event.kind) {
    case "gap-refused": {
      const pages = event.length / PAGE_SIZE;
      return words("tellGap", { pages, at: address(event.address), area: range(event.start, event.end) });
    }
    case "place-chosen":
      return words("tellPlace", {
        at: address(event.address),
        reason: event.reason.replaceAll("-", ""),
        cache: address(event.cache),
      });
    case "place-refused":
      return words("tellNoPlace", { pages: event.length / PAGE_SIZE, error: errorName(-event.errno) });
    case "area-cache":
      // The choice of a place says it too.
      if (event.reason === "found") return null;
      return words("tellCache", {
        from: address(event.from),
        to: address(event.to),
        reason: event.reason.replaceAll("-", ""),
      });
    case "vma-merge":
      return words("tellMerge", {
        number: event.case,
        how: caseNames[event.case],
        area: range(event.newStart, event.newEnd),
      });
    case "vma-split":
      return words("tellSplit", { area: range(event.start, event.end), at: address(event.at), fresh: event.fresh });
    case "vma-insert":
      return words("tellInsert", { area: range(event.start, event.end) });
    case "vma-remove":
      return tellRemoved(event, events, words);
    case "vma-grow":
      return words("tellGrow", {
        area: range(event.start, event.end),
        after: range(event.newStart, event.newEnd),
        size: size(event.newEnd - event.newStart),
      });
    case "vma-flags":
      return words("tellFlags", {
        area: range(event.start, event.end),
        charged: (event.to & ~event.from & 0x100000) !== 0 ? "yes" : "no",
        locked:
          (event.to & ~event.from & 0x2000) !== 0 ? "yes" : (event.from & ~event.to & 0x2000) !== 0 ? "no" : "same",
      });
    case "commit":
      return words("tellCommit", { pages: event.pages });
    case "limit-reached":
      return words("tellLimit", {
        limit: event.limit,
        wanted: event.limit === "map_count" ? String(event.wanted) : size(event.wanted),
        allowed: event.limit === "map_count" ? String(event.allowed) : size(event.allowed),
      });
    case "zap":
      return words("tellZap", { area: range(event.start, event.end), pages: event.pages });
    case "move-ptes":
      return words("tellMove", { from: address(event.from), to: address(event.to), moved: event.moved });
    case "page-fault":
      return words("tellFault", { at: address(event.address), access: (event.code & 2) !== 0 ? "write" : "read" });
    case "fault-handled":
      return words("tellHandled", { how: event.how.replaceAll("-", ""), pfn: event.pfn });
    case "fork-area":
      if (event.copied === 0) return null;
      return words("tellForkArea", {
        area: range(event.start, event.end),
        copied: event.copied,
        protected: event.protected,
      });
    case "signal":
      return words("tellSignal", { signal: event.signal, at: address(event.address), pid: event.pid });
    default:
      return null;
  }
}

/** Two areas by name; more, as when a process ends, by their number. */
function tellRemoved(
  event: Extract<SimEvent, { kind: "vma-remove" }>,
  events: readonly SimEvent[],
  words: Words,
): string | null {
  const removed = events.filter(({ kind }) => kind === "vma-remove");
  if (removed.length > 2) return removed[0] === event ? words("tellGone", { count: removed.length }) : null;
  return words("tellRemove", { area: `${address(event.start)}–${address(event.end)}` });
}

export function concludeSpace({ op, result, last, state }: Moment<SpaceState>, words: Words): string[] {
  if (!last || op === null) return [];
  const done = op as SpaceOp;
  if (typeof result === "number" && result < 0)
    return [words("doneRefused", { error: errorName(result), how: errorKey(result) })];
  switch (done.op) {
    case "mmap":
    case "fixed":
    case "mremap":
      return [words("doneMapped", { at: address(Number(result)) })];
    case "brk":
      return [words("doneBrk", { at: address(Number(result)), moved: result === done.at ? "yes" : "no" })];
    case "find":
      return [found(done.at, result, state, words)];
    case "read":
    case "write":
    case "push":
      return typeof result === "string"
        ? [words("doneKilled", { how: result })]
        : [words("doneTouched", { op: done.op })];
    case "fork":
      return [words("doneFork", { pid: Number(result) })];
    case "exit":
      return [words("doneExit")];
    default:
      return [words("doneOk", { call: done.op })];
  }
}

function errorKey(result: number): string {
  return errorName(result).slice(1);
}

function found(at: number, result: Result, { parent }: SpaceState, words: Words): string {
  const area = parent?.areas.find(({ start }) => start === result);
  if (area === undefined) return words("doneFoundNone", { at: address(at) });
  const contains = at >= area.start ? "yes" : "no";
  return words("doneFound", { at: address(at), start: address(area.start), end: address(area.end), contains });
}

export function resultOfSpace({ op }: { readonly op: string }, result: Result, words: Words): string {
  if (result === null) return words("resultNone");
  if (typeof result === "string") return result;
  if (result < 0) return errorName(result);
  if (["mmap", "fixed", "mremap", "brk", "find"].includes(op)) return address(result);
  if (op === "fork" || op === "exit") return words("resultPid", { pid: result });
  return String(result);
}
