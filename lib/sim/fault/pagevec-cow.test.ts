// Worked example: domain.md 8.4, reuse test; 2.6.11 mm/memory.c (do_wp_page), mm/swap.c (lru_cache_add_active).
import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { mprotect } from "../mm/mprotect";
import { lruAddDrain } from "../reclaim/lru";
import { access } from "./access";
import { checkFault } from "./check-fault";
import { giveAddressSpace } from "./exec";
import { getTask, newTask } from "./task";

test.each([
  ["off", "reuses the page"],
  ["on", "copies it: the batch that it waits in holds it too"],
  ["drained", "reuses the page"],
] as const)("with batches %s a write to the only mapping %s", (batches, what) => {
  const k = createKernel({ boot: { kind: "zones", pages: [0, 2048, 0] }, pagevec: batches !== "off" });
  const init = newTask(k, "init");
  giveAddressSpace(k, init);
  const mm = getTask(k.memory.u32, init, "mm");
  const request = { addr: 0, len: 4096, prot: PROT_READ | PROT_WRITE, flags: MAP_PRIVATE | MAP_ANONYMOUS };
  const at = doMmap(k, mm, { ...request, file: 0, pgoff: 0 });
  const { paddr } = access(k, init, at, "write", 7);
  expect(mprotect(k, mm, at, 4096, PROT_READ)).toBe(0);
  expect(mprotect(k, mm, at, 4096, PROT_READ | PROT_WRITE)).toBe(0);
  if (batches === "drained") lruAddDrain(k);
  const again = access(k, init, at + 1, "write", 8).paddr - 1;
  expect(again === paddr).toBe(what === "reuses the page");
  expect(access(k, init, at, "read").value).toBe(7);
  expect(checkFault(k)).toEqual([]);
});
