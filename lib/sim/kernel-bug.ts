// What the simulator throws where the kernel would stop: BUG_ON, or an oops on a wild pointer.

/** `code` is a key of `lib/words` (namespace `bug`); `args` give the values that broke the rule. */
export class KernelBug extends Error {
  readonly code: KernelBugCode;
  readonly args: Readonly<Record<string, number>>;

  constructor(code: KernelBugCode, args: Readonly<Record<string, number>>) {
    const details = Object.entries(args).map(([name, value]) => `${name} ${value}`);
    super(`${code}: ${details.join(", ")}`);
    this.name = "KernelBug";
    this.code = code;
    this.args = args;
  }
}

export type KernelBugCode =
  /** A block's index is not a multiple of its size. */
  | "misaligned-block"
  /** An order outside 0..10. */
  | "bad-order"
  /** An address that is no `struct page` of the zone. */
  | "bad-page-address"
  /** A list link leads to something that is no `struct page` of the zone. */
  | "wild-link"
  /** The reference count is already 0. */
  | "double-free"
  /** Flags that ask for the DMA zone and for high memory at once, or for high memory where a kernel address is wanted. */
  | "bad-gfp"
  /** A request that must not fail finds nothing to free, and nobody is left to be killed: it would try for ever. */
  | "memory-deadlock"
  /** The boot allocator is given size 0 or a range beyond low memory. */
  | "bootmem-range"
  /** Size 0, or an alignment that is no power of two. */
  | "bootmem-request"
  | "bootmem-double-free"
  | "bootmem-out-of-memory"
  /** A page that is to be put on an LRU list is on one already. */
  | "page-on-lru"
  /** A reserved page is never counted in page tables. */
  | "reserved-page-mapped"
  /** An anonymous page is mapped in an area without an anon_vma. */
  | "no-anon-vma"
  /** An anonymous page is mapped as a file's. */
  | "anon-page-as-file"
  /** A mapping of the page goes, but nothing maps it. */
  | "mapcount-negative"
  /** The page lock is not held. */
  | "page-not-locked"
  /** An anonymous page is unmapped without a place in swap. */
  | "not-in-swap-cache"
  /** An address space is given back once more than it was taken. */
  | "mm-count-negative"
  /** Areas or tables are left when an address space is freed. */
  | "mm-not-empty"
  /** A tree of areas is deeper than any sound one. */
  | "vma-tree"
  /** A new area overlaps one that is there. */
  | "vma-overlap"
  /** A page that is locked already is to be locked: its owner would wait for ever. */
  | "page-locked"
  /** A page is unlocked, or changes its place in a file, that nobody has locked. */
  | "page-not-locked"
  /** A write is to end that never began. */
  | "no-writeback"
  /** kmem_cache_create: no name, or one that another cache has. */
  | "cache-name"
  /** kmem_cache_create: an object smaller than a word or larger than 32 pages. */
  | "cache-size"
  /** kmem_cache_create: unknown flags, or flags that exclude each other. */
  | "cache-flags"
  /** kmem_cache_create: a destructor without a constructor. */
  | "cache-destructor"
  /** A cache that must exist could not be made. */
  | "cache-panic"
  /** A cache was asked to grow with flags that make no sense to it. */
  | "grow-flags"
  /** Slab debugging: request and cache disagree about ZONE_DMA. */
  | "dma-mismatch"
  /** An address that lies in no slab was given back. */
  | "not-slab-page"
  /** An address that is no object of this cache was given back. */
  | "foreign-object"
  /** An object was given back that is free already. */
  | "slab-double-free"
  /** A slab's chain of free objects leads out of the slab, or its counts contradict it. */
  | "slab-chain"
  /** An access faults again and again, though each fault was served. */
  | "fault-loop"
  /** A page put into the swap cache or taken out of it is not in the state for that. */
  | "bad-swap-cache-page"
  /** A tmpfs page is to leave its file while somebody maps it, or while its table entry is taken. */
  | "shmem-page-mapped"
  | "shmem-entry-taken"
  /** Memory is short and no task can be killed: the kernel panics. */
  | "oom-no-victim"
  /** A link of an LRU list leads to something that is no `struct page` of the zone. */
  | "wild-lru-link"
  /** A page's PG_lru or PG_active does not fit the list it was found on. */
  | "lru-flag"
  /** vmalloc is to map an address that is mapped already. */
  | "vmalloc-mapped"
  /** kunmap of a page that has no kernel address. */
  | "pkmap-not-mapped"
  /** The counter of a kmap entry contradicts its use. */
  | "pkmap-count"
  /** A kmap entry with counter 1 maps nothing. */
  | "pkmap-empty"
  /** More pages have kernel addresses than there are entries. */
  | "page-address-pool"
  /** An atomic kmap ends under another kind than it began. */
  | "kmap-atomic-type"
  /** There is no memory to start the first program. */
  | "no-init"
  /** The first program cannot go on, and without it nothing can. */
  | "init-dead";
