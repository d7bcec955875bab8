// Worked example: 2.6.11 mm/shmem.c (shmem_getpage counts pgmajfault for whoever asks for the type of fault: shmem_nopage).
import { expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import type { Kernel } from "../kernel";
import { clearPageFlag, setPageFlag, testPageFlag } from "../page-fields";
import { putPage } from "../reclaim/lru";
import { pageout } from "../reclaim/pageout";
import { pageState } from "../structs";
import { file as fileStruct } from "../structs-mm";
import { addSwap } from "../swap/area";
import { deleteFromSwapCache } from "../swap/swap-state";
import { shmemGetpage } from "./getpage";
import { mappingOf } from "./info";
import { shmemFileSetup } from "./shmem";

const majfaults = (k: Kernel) => k.memory.u32[(k.pageState + pageState.offset.pgmajfault) >>> 2]!;

test.each([
  ["cache", 1],
  ["read", 0],
  ["write", 0],
] as const)("a page that %s brings back from swap counts %i major faults", (sgp, faults) => {
  const k = createKernel({ boot: { kind: "zones", pages: [0, 1024, 0] }, contents: 4096 });
  addSwap(k, 64);
  const file = shmemFileSetup(k, 4096, 0);
  const inode = k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]!;
  const made = shmemGetpage(k, inode, 0, "write");
  if (typeof made === "number") throw new Error(`-${-made}`);
  const { page } = made;
  setPageFlag(k, page, "PG_dirty");
  setPageFlag(k, page, "PG_locked");
  expect(pageout(k, page, mappingOf(inode))).toBe("success");
  setPageFlag(k, page, "PG_locked");
  if (testPageFlag(k, page, "PG_swapcache")) deleteFromSwapCache(k, page);
  clearPageFlag(k, page, "PG_dirty");
  clearPageFlag(k, page, "PG_locked");
  putPage(k, page);
  const before = majfaults(k);
  const got = shmemGetpage(k, inode, 0, sgp);
  if (typeof got === "number") throw new Error(`-${-got}`);
  expect(majfaults(k) - before).toBe(faults);
});
