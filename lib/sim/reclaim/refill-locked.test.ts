// Worked example: 2.6.11 mm/vmscan.c (refill_inactive_zone does not lock pages), mm/rmap.c (page_referenced with is_locked 0).
import { expect, test } from "vitest";
import { createFile, openFile } from "../cache/file";
import { createKernel, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { access } from "../fault/access";
import { giveAddressSpace } from "../fault/exec";
import { getTask, newTask } from "../fault/task";
import { pfnToPage } from "../frames";
import { MAP_FIXED, MAP_SHARED, PROT_READ } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { clearPageFlag, setPageFlag, testPageFlag } from "../page-fields";
import { activatePage } from "./lru";
import { refillInactiveZone } from "./refill-inactive";
import { scanControl } from "./scan-control";

test("a mapped file page that somebody has locked counts as used: it stays active, with its traces", () => {
  const k = createKernel({ boot: { kind: "zones", pages: [0, 2048, 0] }, swappiness: 100 });
  const init = newTask(k, "init");
  giveAddressSpace(k, init);
  const file = openFile(k, createFile(k, { pages: 1 }));
  const [addr, mm] = [0x10000000, getTask(k.memory.u32, init, "mm")];
  const request = { addr, len: 4096, prot: PROT_READ, flags: MAP_SHARED | MAP_FIXED, file, pgoff: 0 };
  expect(doMmap(k, mm, request)).toBe(addr);
  const { paddr } = access(k, init, addr, "read");
  const page = pfnToPage(k, paddr >>> 12);
  activatePage(k, page);
  const refill = () => {
    const events: SimEvent[] = [];
    recordEvents(k, events);
    refillInactiveZone(k, k.zones[1], { ...scanControl(k, 0xd0), nrToScan: 8 });
    recordEvents(k, null);
    return events.flatMap((event) => (event.kind === "refill-page" ? [event.why] : []));
  };
  expect(refill()).toEqual(["used"]);
  setPageFlag(k, page, "PG_locked");
  expect([refill(), testPageFlag(k, page, "PG_locked")]).toEqual([["used"], true]);
  clearPageFlag(k, page, "PG_locked");
  expect(refill()).toEqual(["unused"]);
});
