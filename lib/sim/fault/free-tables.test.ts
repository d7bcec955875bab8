// Worked examples: domain.md 6.3 and 2.6.11 mm/mmap.c (free_pgtables), whose search for whole slots ends at TASK_SIZE.
import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { doMunmap } from "../mm/munmap";
import { getMm } from "../mm/vma";
import { vmalloc } from "../vmalloc/vmalloc";
import { checkMachine } from "../whole/monitor";
import { access } from "./access";
import { giveAddressSpace } from "./exec";
import { getTask, newTask } from "./task";

test.each([
  [false, true],
  [false, false],
  [true, true],
  [true, false],
])("the highest mapping of a process goes with its own tables and none of the kernel's; PAE %s, PSE %s", (pae, pse) => {
  const k = createKernel({ boot: { kind: "zones", pages: [4096, 4096, 0] }, pae, pse });
  expect(vmalloc(k, 10000)).toBeGreaterThan(0);
  const init = newTask(k, "init");
  giveAddressSpace(k, init);
  const mm = getTask(k.memory.u32, init, "mm");
  const request = { addr: 0, len: 4096, prot: PROT_READ | PROT_WRITE, flags: MAP_PRIVATE | MAP_ANONYMOUS };
  const at = doMmap(k, mm, { ...request, file: 0, pgoff: 0 });
  expect(access(k, init, at, "write", 7).end).toBe("done");
  expect(getMm(k.memory.u32, mm, "nr_ptes")).toBe(1);
  expect(doMunmap(k, mm, at, 4096)).toBe(0);
  expect(getMm(k.memory.u32, mm, "nr_ptes")).toBe(0);
  expect(checkMachine(k)).toEqual([]);
});
