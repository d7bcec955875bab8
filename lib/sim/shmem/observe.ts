// The observable state of shared memory: files of tmpfs and System V segments. Plain data; observe-shmem.ts decodes it.

export interface TmpfsFileState {
  readonly ino: number;
  /** Bytes. */
  readonly size: number;
  /** Paid in advance; kept out of swap. */
  readonly accounted: boolean;
  readonly locked: boolean;
  readonly alloced: number;
  readonly swapped: number;
  readonly nextIndex: number;
  /** Pages in memory and pages in swap, ascending by page of the file. */
  readonly cached: readonly { readonly index: number; readonly pfn: number; readonly dirty: boolean }[];
  readonly entries: readonly { readonly index: number; readonly type: number; readonly slot: number }[];
  readonly indexPages: number;
  /** Limits of its mount in pages; null for the internal mount. */
  readonly mount: { readonly max: number; readonly free: number } | null;
  /** Identifier of its segment, null if it has none. */
  readonly segment: number | null;
}

export interface SegmentState {
  readonly id: number;
  readonly key: number;
  readonly size: number;
  readonly attached: number;
  /** Removed, but still attached somewhere. */
  readonly removed: boolean;
  readonly locked: boolean;
  readonly ino: number;
}

export interface ShmemState {
  readonly kind: "shmem";
  /** In order of creation. */
  readonly files: readonly TmpfsFileState[];
  readonly segments: readonly SegmentState[];
  /** Pages of all segments. */
  readonly shmTot: number;
}
