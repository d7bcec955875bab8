// Single events of the whole machine as sentences: the few that are large.
import type { MachineState } from "@/lib/scenarios/machine";
import type { Moment } from "@/lib/scenarios/run";
import type { SimEvent } from "@/lib/sim/events";
import { errorName } from "../error-name";
import type { WordsOf } from "../words";
import { hex } from "./hex";

type Words = WordsOf<"figure-machine">;

const signals: Readonly<Record<number, string>> = { 7: "SIGBUS", 9: "SIGKILL", 11: "SIGSEGV" };

function signalName(signal: number): string {
  return signals[signal] ?? String(signal);
}

export function tellMachine(event: SimEvent, words: Words, { state }: Moment<MachineState>): string | null {
  switch (event.kind) {
    case "kswapd-wake":
      return words("tellWake", { zone: event.zone });
    case "kswapd-sleep":
      return words("tellSleep", { count: event.reclaimed });
    case "all-unreclaimable": {
      const zone = state.zones.find(({ startPfn }) => startPfn === event.startPfn)?.name ?? String(event.startPfn);
      return words("tellUnreclaimable", { zone });
    }
    case "direct-reclaim-done":
      return words("tellDirect", { count: event.freed });
    case "alloc-fail":
      return words("tellFail", { order: event.order });
    case "call-oom":
      return words("tellOom");
    case "oom-chosen":
      return words("tellChosen", { pid: event.pid, points: event.points, why: event.why });
    case "oom-kill":
      return words("tellKill", { pid: event.pid, why: event.why.replaceAll("-", "") });
    case "oom-wait":
      return words("tellOomWait", { pid: event.pid });
    case "task-exit":
      return event.signal === 0
        ? words("tellExit", { pid: event.pid })
        : words("tellDies", { pid: event.pid, signal: signalName(event.signal) });
    case "signal":
      return words("tellSignal", { pid: event.pid, address: hex(event.address), signal: signalName(event.signal) });
    case "throttle":
      return words("tellThrottle", { dirty: event.dirty, limit: event.limit });
    case "pdflush":
      return words("tellPdflush", { count: event.pages });
    case "swap-on":
      return words("tellSwapOn", { area: event.type, count: event.pages });
    case "swap-off":
      return words("tellSwapOff", { area: event.type });
    case "swap-refused":
      return words("tellSwapRefused", { call: event.call, error: errorName(-event.errno) });
    case "commit":
      return words("tellNotPromised", { count: event.pages, free: event.free, committed: event.committed });
    case "limit-reached":
      return words("tellLimit", { limit: event.limit, wanted: event.wanted, allowed: event.allowed });
    default:
      return null;
  }
}
