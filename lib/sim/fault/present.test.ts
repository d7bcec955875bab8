// Worked examples: 2.6.11 mm/memory.c (make_pages_present, get_user_pages), mm/mlock.c (mlock_fixup).
import { expect, test } from "vitest";
import { createFile, openFile } from "../cache/file";
import { createKernel } from "../create-kernel";
import { EFAULT, EPERM } from "../errno";
import { MAP_FIXED, MAP_PRIVATE, PROT_READ } from "../mm/flags";
import { mlock } from "../mm/mlock";
import { doMmap } from "../mm/mmap";
import { getMm } from "../mm/vma";
import { checkFault } from "./check-fault";
import { giveAddressSpace } from "./exec";
import { getTask, newTask, switchTo } from "./task";

const BASE = 0x10000000;
const PAGE = 4096;

test("locking past the end of a file is EFAULT for the first page and a bare -1 for a later one; the pages before are there", () => {
  const k = createKernel({ boot: { kind: "zones", pages: [0, 2048, 0] } });
  const init = newTask(k, "init");
  giveAddressSpace(k, init);
  switchTo(k, init);
  const mm = getTask(k.memory.u32, init, "mm");
  const file = openFile(k, createFile(k, { pages: 2 }));
  const request = { addr: BASE, len: 4 * PAGE, prot: PROT_READ, flags: MAP_PRIVATE | MAP_FIXED, file, pgoff: 0 };
  expect(doMmap(k, mm, request)).toBe(BASE);
  expect(mlock(k, mm, BASE + 2 * PAGE, PAGE)).toBe(-EFAULT);
  expect(mlock(k, mm, BASE, 2 * PAGE)).toBe(0);
  expect(doMmap(k, mm, { ...request, addr: BASE + 0x100000 })).toBe(BASE + 0x100000);
  expect(mlock(k, mm, BASE + 0x100000, 4 * PAGE)).toBe(-EPERM);
  expect([getMm(k.memory.u32, mm, "rss"), getMm(k.memory.u32, mm, "locked_vm")]).toEqual([4, 7]);
  expect(checkFault(k)).toEqual([]);
});
