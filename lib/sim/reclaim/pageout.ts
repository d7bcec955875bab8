// Starting the write of a dirty page that shall be freed.
// Source:     Linux 2.6.11 mm/vmscan.c (pageout, is_page_cache_freeable, may_write_to_queue)
// Simplified: writes do not fail.
import { writeCongested } from "../cache/block-io";
import { aOpsOf, clearPageDirtyForIo, memoryBacked } from "../cache/page-cache";
import { type Kernel, WRITEPAGE_ACTIVATE } from "../kernel";
import type { Addr } from "../machine";
import { clearPageFlag, pageCount, setPageFlag, testPageFlag } from "../page-fields";
import { currentIsKswapd } from "./reclaim-data";

/**
 * `keep`, `activate`: it cannot be written now, or not at all; locked as before. `success`: the write was started (or is done), and
 * the page is unlocked. `clean`: there is nothing to write.
 */
export type Pageout = "keep" | "activate" | "success" | "clean";

/** Writes a locked page, with the caller's reference, that no page table maps. @param mapping its address space, 0 for none. */
export function pageout(k: Kernel, page: Addr, mapping: Addr): Pageout {
  const buffers = testPageFlag(k, page, "PG_private") ? 1 : 0;
  if (pageCount(k, page) - buffers !== 2 || mapping === 0) return "keep";
  const writepage = k.aOps[aOpsOf(k, mapping)]?.writepage;
  if (!writepage) return "activate";
  if (!currentIsKswapd(k) && !memoryBacked(k, mapping) && writeCongested(k)) return "keep";
  if (!clearPageDirtyForIo(k, page)) return "clean";
  setPageFlag(k, page, "PG_reclaim");
  if (writepage(k, page) === WRITEPAGE_ACTIVATE) {
    clearPageFlag(k, page, "PG_reclaim");
    return "activate";
  }
  if (!testPageFlag(k, page, "PG_writeback")) clearPageFlag(k, page, "PG_reclaim");
  return "success";
}
