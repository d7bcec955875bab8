// Buffers of a page: the reference that a file system keeps on a page whose blocks it knows.
// Theory:     PG_private and one more reference. Before such a page can be freed they must go, which works once it is clean.
// Source:     Linux 2.6.11 fs/buffer.c (create_empty_buffers, try_to_free_buffers, drop_buffers), mm/filemap.c (try_to_release_page)
// Simplified: no buffer heads: a page has buffers or it has none, and they are busy exactly while it is dirty or under writeback.
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { clearPageFlag, getPage, testPageFlag, testSetPageFlag } from "../page-fields";
import { putPage } from "../reclaim/lru";

/** The page gets buffers, if it has none. */
export function createEmptyBuffers(k: Kernel, page: Addr): void {
  if (!testSetPageFlag(k, page, "PG_private")) getPage(k, page);
}

/** Takes a locked page's buffers away. @returns false while they are busy. */
export function tryToReleasePage(k: Kernel, page: Addr): boolean {
  if (testPageFlag(k, page, "PG_writeback") || testPageFlag(k, page, "PG_dirty")) return false;
  if (!testPageFlag(k, page, "PG_private")) return true;
  clearPageFlag(k, page, "PG_private");
  putPage(k, page);
  return true;
}
