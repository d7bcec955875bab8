// The machine of the reclaim traces: one zone whose page tables, swap and disk are only noted.
// Source: `meta.stubs` of lru_traces_2.6.11.json: accessed bits of ptes are notes, unmapping and swap slots always work, a write ends
//         when the trace says so. These are entries of the machine's tables; everything else is the simulator's own.
import { createFile, openFile } from "@/lib/sim/cache/file";
import { addToPageCacheLru, setPageDirty, setPageWriteback, unlockPage } from "@/lib/sim/cache/page-cache";
import { radixTreeDelete, radixTreeInsert } from "@/lib/sim/cache/radix-tree";
import { createKernel } from "@/lib/sim/create-kernel";
import { aOpsIndex, type Kernel, SWAP_SUCCESS } from "@/lib/sim/kernel";
import { kernelData } from "@/lib/sim/kernel-data";
import type { Addr } from "@/lib/sim/machine";
import {
  clearPageFlag,
  getPage,
  pageMapcount,
  pagePrivate,
  setPageFlag,
  testClearPageFlag,
  testPageFlag,
} from "@/lib/sim/page-fields";
import { putPage } from "@/lib/sim/reclaim/lru";
import { page as pageStruct } from "@/lib/sim/structs";
import { addressSpace, file as fileStruct, inode } from "@/lib/sim/structs-mm";
import { swapData } from "@/lib/sim/swap/structs";
import { allocPages } from "@/lib/sim/zones/alloc-pages";
import { GFP_HIGHUSER } from "@/lib/sim/zones/gfp";

/** Pages of the traces' one zone: room for as many as a trace can add, and for the tree. */
const ZONE_PAGES = 4096;
export const MOST_PAGES = 3500;
const COUNT = pageStruct.offset.count >>> 2;
const MAPCOUNT = pageStruct.offset.mapcount >>> 2;
const PRIVATE = pageStruct.offset.private >>> 2;

export interface Machine {
  readonly k: Kernel;
  /** Address space of the one file. */
  readonly mapping: Addr;
  /** Address of each page by its number in the trace. */
  readonly pages: Addr[];
  /** Pages with an accessed bit in some pte. */
  readonly young: Set<Addr>;
  readonly freed: Set<number>;
}

/** A machine of one zone whose page tables, swap and disk are the trace's. */
export function bootMachine(swappiness: number): Machine {
  const k = createKernel({
    boot: { kind: "zones", pages: [0, ZONE_PAGES, 0] },
    pcp: false,
    io: "async",
    swappiness,
  });
  const file = openFile(k, createFile(k, { pages: MOST_PAGES, sparse: true }));
  const mapping = k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]! + inode.offset.i_mapping;
  const young = new Set<Addr>();
  k.memory.i32[swapAt(k, "total_swap_pages") >>> 2] = 1;
  const swapper = swapAt(k, "swapper_space");
  k.ops.pageReferenced = (_k, page) => Number(testClearPageFlag(k, page, "PG_referenced")) + Number(young.delete(page));
  k.ops.tryToUnmap = (_k, page) => {
    k.memory.i32[(page >>> 2) + COUNT]! -= pageMapcount(k, page);
    k.memory.i32[(page >>> 2) + MAPCOUNT] = 0;
    young.delete(page);
    return SWAP_SUCCESS;
  };
  k.ops.addToSwap = (_k, page) => {
    const entry = (page - k.memMap) / pageStruct.size;
    if (radixTreeInsert(k, swapper, entry, page) !== 0) return 0;
    getPage(k, page);
    setPageFlag(k, page, "PG_swapcache");
    k.memory.u32[(page >>> 2) + PRIVATE] = entry;
    setPageDirty(k, page);
    return 1;
  };
  k.ops.deleteFromSwapCache = (_k, page) => {
    radixTreeDelete(k, swapper, pagePrivate(k, page));
    clearPageFlag(k, page, "PG_swapcache");
    k.memory.u32[(page >>> 2) + PRIVATE] = 0;
    putPage(k, page);
  };
  for (const index of [aOpsIndex.file, aOpsIndex.swap]) {
    k.aOps[index] = {
      name: "trace",
      readpage: null,
      writepage: (_k, page) => {
        setPageWriteback(k, page);
        unlockPage(k, page);
        return 0;
      },
      setPageDirty: null,
    };
  }
  k.memory.u32[(swapper + addressSpace.offset.a_ops) >>> 2] = aOpsIndex.swap;
  return { k, mapping, pages: [], young, freed: new Set() };
}

/** An unlocked page of the file with the cache's reference, on the inactive list. */
export function newFilePage(k: Kernel, mapping: Addr, index: number): Addr {
  const page = allocPages(k, GFP_HIGHUSER, 0);
  addToPageCacheLru(k, page, mapping, index);
  unlockPage(k, page);
  putPage(k, page);
  return page;
}

const letterOf = { A: "PG_active", R: "PG_referenced", D: "PG_dirty", W: "PG_writeback", S: "PG_swapcache" } as const;

/** What the trace writes about a page. */
export function letters({ k, pages, young, freed }: Machine, index: number): string {
  const page = pages[index]!;
  if (freed.has(index)) return "freed";
  const set = Object.entries(letterOf).filter(([, flag]) => testPageFlag(k, page, flag));
  const mapped = pageMapcount(k, page);
  return set.map(([letter]) => letter).join("") + (young.has(page) ? "Y" : "") + (mapped > 0 ? `M${mapped}` : "");
}

export function swapAt(k: Kernel, name: keyof typeof swapData.offset): Addr {
  return k.data + kernelData.offset.swap + swapData.offset[name];
}
