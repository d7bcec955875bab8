// Worked examples: 2.6.11 mm/swapfile.c (try_to_unuse: whom the search holds), domain.md 10.7.
import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { access } from "../fault/access";
import { giveAddressSpace } from "../fault/exec";
import { getTask, newTask, switchTo, taskList, taskStates } from "../fault/task";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { checkMachine } from "../whole/monitor";
import { addSwap, swapoff } from "./area";

test("ends although the process it brought the last pages back to is killed for want of memory", () => {
  const k = createKernel({ boot: { kind: "zones", pages: [1024, 0, 0] }, overcommit: { mode: 1, ratio: 50 } });
  expect(addSwap(k, 2000)).toBe(0);
  const init = newTask(k, "init");
  giveAddressSpace(k, init);
  for (let number = 0; number < 7; number++) {
    const task = newTask(k, "program", init);
    giveAddressSpace(k, task);
    const request = { addr: 0, len: 280 * 4096, prot: PROT_READ | PROT_WRITE, flags: MAP_PRIVATE | MAP_ANONYMOUS };
    const at = doMmap(k, getTask(k.memory.u32, task, "mm"), { ...request, file: 0, pgoff: 0 });
    for (let page = 0; page < 280; page++) expect(access(k, task, at + page * 4096, "write", page).end).toBe("done");
  }
  switchTo(k, 0);
  expect(checkMachine(k)).toEqual([]);
  expect(swapoff(k, 0)).toBe(0);
  const killed = taskList(k).filter((task) => getTask(k.memory.u32, task, "state") === taskStates.zombie);
  expect(killed.length).toBeGreaterThan(0);
  expect(checkMachine(k)).toEqual([]);
});
