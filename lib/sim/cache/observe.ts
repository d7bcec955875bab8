// The observable state of files and the page cache: what a verdict compares and a figure draws. Plain data; observe-cache.ts decodes it.
import type { Finding } from "../finding";

export interface CachedPage {
  /** Page number in the file. */
  readonly index: number;
  readonly pfn: number;
  readonly uptodate: boolean;
  readonly dirty: boolean;
  readonly writeback: boolean;
  readonly referenced: boolean;
  readonly active: boolean;
  readonly mapcount: number;
}

export interface FileState {
  readonly ino: number;
  /** Bytes. */
  readonly size: number;
  /** Users; 0: kept in memory in case it is opened again. */
  readonly count: number;
  readonly nrpages: number;
  /** Levels and nodes of its tree. */
  readonly height: number;
  readonly nodes: number;
  /** Ascending. */
  readonly pages: readonly CachedPage[];
}

export interface CacheState {
  readonly kind: "cache";
  /** In order of their coming into memory. */
  readonly files: readonly FileState[];
  /** Files with dirty pages, those that wait longest last. */
  readonly dirtyFiles: readonly number[];
  /** In pages. */
  readonly nrPagecache: number;
  readonly nrDirty: number;
  readonly nrWriteback: number;
  readonly limits: { readonly background: number; readonly dirty: number };
  /** Writes under way, oldest first. */
  readonly writes: readonly number[];
  readonly pdflushWanted: boolean;
  readonly findings: readonly Finding[];
}
