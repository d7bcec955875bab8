// Decodes promises and the points of all tasks from memory. Bounded, never throws.
// Source: domain 11
import { getTask, taskList } from "../fault/task";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { OomState } from "./observe";
import { candidateOf, taskBadness } from "./oom-kill";
import { commitState, committedPages, enoughMemory } from "./overcommit";
import { oomData } from "./structs";

export function observeOom(k: Kernel): OomState {
  const { mode } = k.config.overcommit;
  const state = { ...commitState(k), totalVm: 0 };
  return {
    kind: "oom",
    mode,
    committed: committedPages(k),
    commitLimit: enoughMemory(state, 0, "user", 2).available,
    killed: k.memory.u32[(k.data + kernelData.offset.oom + oomData.offset.killed) >>> 2]!,
    tasks: taskList(k).map((task) => {
      const { totalVm, dying } = candidateOf(k, task);
      return { pid: getTask(k.memory.u32, task, "pid"), totalVm, points: taskBadness(k, task), dying };
    }),
  };
}
