// The whole machine: configuration, what stands beside its memory, and the tables through which its parts call each other.
// Theory: everything the kernel knows lies in `memory`, at the places of kernel-layout.ts. What stands here is what the hardware and
//         the compiler know (where mem_map lies, how many frames there are) and the function tables of the kernel: `ops` for calls
//         from a lower part up into a higher one (an allocation that starts reclaim), `vmOps` and `aOps` as the kernel's
//         vm_operations_struct and address_space_operations. Each zone is a BuddyMachine on its own slice of mem_map.
import type { SimEvent } from "./events";
import type { Addr, BuddyMachine, Pfn } from "./machine";
import type { Memory } from "./memory";
import type { Cpu } from "./mmu/cpu";
import type { TlbGeometry } from "./mmu/tlb-structs";

export const zoneNames = ["DMA", "Normal", "HighMem"] as const;
export type ZoneName = (typeof zoneNames)[number];
export const ZONE_DMA = 0;
export const ZONE_NORMAL = 1;
export const ZONE_HIGHMEM = 2;
export const zoneIndices = [ZONE_DMA, ZONE_NORMAL, ZONE_HIGHMEM] as const;
export type ZoneIndex = (typeof zoneIndices)[number];

export interface E820Entry {
  /** Bytes; up to 2^53. */
  readonly addr: number;
  readonly size: number;
  /** 1 RAM, 2 reserved, 3 ACPI data, 4 ACPI NVS. */
  readonly type: number;
}

/** What else a PC and its boot loader may hand over. Addresses are physical. */
export interface BootOptions {
  /** `mem=`, `memmap=`, `highmem=`, `vmalloc=`. */
  readonly commandLine?: string;
  /** Memory above 1 MiB as older BIOS calls report it; used when the map is no good. */
  readonly extMemKbytes?: number;
  /** Extended BIOS data area: one page is reserved. */
  readonly ebda?: number;
  /** An AMD chipset that must not prefetch below the video memory. */
  readonly amd768?: boolean;
  readonly initrd?: { readonly start: number; readonly bytes: number };
}

/** How memory comes to life. */
export type BootConfig =
  /** As a PC: e820 map, bootmem, hand-over. `imageEnd`: physical end of the kernel image (bytes). */
  | ({ readonly kind: "e820"; readonly map: readonly E820Entry[]; readonly imageEnd: number } & BootOptions)
  /** Straight to a free machine of these zone sizes in pages [DMA, Normal, HighMem]; no page is reserved. */
  | { readonly kind: "zones"; readonly pages: readonly [number, number, number] };

export interface KernelConfig {
  readonly boot: BootConfig;
  /** Adds the shared slab arrays and reserves page 1 at boot. Default false. */
  readonly smp: boolean;
  readonly highmem: boolean;
  readonly pae: boolean;
  /** Large kernel pages. */
  readonly pse: boolean;
  /** Cache line in bytes: 32, 64 or 128. */
  readonly l1: 32 | 64 | 128;
  readonly debugSlab: boolean;
  /** `off`: no slab allocator is started, for lessons and tests of the page allocator alone; objects cannot be made then. */
  readonly slab: "on" | "off";
  /** Bytes of a kmem_bufctl_t: 2 in 2.6.11 on i386, 4 in 2.4 and 2.6.18. */
  readonly bufctl: 2 | 4;
  /** Pages reach the LRU lists in batches of 14. */
  readonly pagevec: boolean;
  readonly io: "sync" | "async";
  readonly swappiness: number;
  readonly overcommit: { readonly mode: 0 | 1 | 2; readonly ratio: number };
  /** Per-CPU page lists; off for lessons that look at the buddy lists alone. */
  readonly pcp: boolean;
  readonly profile: "2.6.11" | "2.6.18";
  /** Whose rules areas follow: those of `profile`, or what Linux 6.18 does differently (mm/rules.ts). */
  readonly addressSpace: "profile" | "6.18";
  /** Shape of the TLB; the default is that of a P6-class processor. */
  readonly tlb: TlbGeometry;
  /** How many frames can hold contents (page tables, slabs, written data) at a time. Costs virtual memory only until used. */
  readonly contents: number;
}

/** Called by lower parts; filled by create-kernel.ts with the reference functions. An entry may be replaced on one machine. */
export interface KernelOps {
  /** Direct reclaim. @returns pages freed, 0 for no progress. */
  tryToFreePages(k: Kernel, zonelist: readonly ZoneIndex[], gfp: number, order: number): number;
  wakeupKswapd(k: Kernel, zone: ZoneIndex, order: number): void;
  outOfMemory(k: Kernel, gfp: number): void;
  /** Called by requests that may wait while kswapd is awake: it may have the processor now. The reference does nothing. */
  condResched(k: Kernel): void;
  /** Somebody sleeps that many jiffies until writes end: I/O that is under way may finish now. */
  congestionWait(k: Kernel, jiffies: number): void;
  /** Charges pages against the commit limit. @returns 0 or -12. */
  vmEnoughMemory(k: Kernel, pages: number): number;
  vmUnacctMemory(k: Kernel, pages: number): void;
  /** Gives a shared anonymous area an unlinked tmpfs file of its size (vm_file, vm_ops). @returns 0 or -errno. */
  shmemZeroSetup(k: Kernel, vma: Addr): number;
  /** Drops a reference to a file; the last one closes it. */
  fput(k: Kernel, file: Addr): void;
  /** Makes sure that the area has an anon_vma. @returns 0 or -12. */
  anonVmaPrepare(k: Kernel, vma: Addr): number;
  /**
   * How often the page was used since the last call: its flag and the accessed bits of its ptes, all cleared.
   * `isLocked`: whether the caller has the page locked, which is what absent means; else a file page that somebody has locked is in use.
   */
  pageReferenced(k: Kernel, page: Addr, isLocked?: "locked" | "unlocked"): number;
  /** Takes the page out of all page tables. @returns SWAP_SUCCESS, SWAP_AGAIN or SWAP_FAIL. */
  tryToUnmap(k: Kernel, page: Addr): number;
  /** Gives an anonymous page a slot, the swap cache and the dirty flag. @returns 1, or 0 if there is no slot. */
  addToSwap(k: Kernel, page: Addr): number;
  /** Out of the swap cache, with the cache's references to slot and page. */
  deleteFromSwapCache(k: Kernel, page: Addr): void;
  /** A tmpfs inode without name and users: gives its swap slots and its share of the mount back. */
  shmemDeleteInode(k: Kernel, inode: Addr): void;
  /** Takes out every mapping of [start, end), uncharges its areas from `vma` on, frees tables that nobody else needs. */
  unmapRegion(k: Kernel, mm: Addr, vma: Addr, prev: Addr, start: number, end: number): void;
  /** Moves the entries of `length` bytes from `oldAddress` of area `vma`. @returns bytes moved; fewer: no memory for a table. */
  movePageTables(k: Kernel, vma: Addr, newAddress: number, oldAddress: number, length: number): number;
  /** Faults every page of [start, end) of the current task's areas in. @returns 0 or a negative errno. */
  makePagesPresent(k: Kernel, start: number, end: number): number;
  /** Gives the present entries of [start, end) a new protection; frame, A and D stay. */
  changeProtection(k: Kernel, vma: Addr, start: number, end: number, prot: number): void;
  /** Ends a task as a fatal signal does. */
  killTask(k: Kernel, task: Addr, signal: number): void;
}

/** Answers of `tryToUnmap`: out of all tables; a table was busy or the page was used meanwhile; it must stay mapped. */
export const SWAP_SUCCESS = 0;
export const SWAP_AGAIN = 1;
export const SWAP_FAIL = 2;

/** nopage returns the page's address with one reference taken, or one of these. */
export const NOPAGE_SIGBUS = 0;
export const NOPAGE_OOM = -1;

/** Where each table stands in `Kernel.vmOps`; `vm_area_struct.vm_ops` holds such a number. */
export const vmOpsIndex = { none: 0, file: 1, shmem: 2, shm: 3 } as const;
/** Where each table stands in `Kernel.aOps`; `address_space.a_ops` holds such a number. */
export const aOpsIndex = { none: 0, file: 1, swap: 2, shmem: 3 } as const;

/** vm_operations_struct. `null` where the kernel has a null pointer. */
export interface VmOps {
  readonly name: string;
  readonly open: ((k: Kernel, vma: Addr) => void) | null;
  readonly close: ((k: Kernel, vma: Addr) => void) | null;
  /** @returns the page and whether I/O was needed. */
  readonly nopage: ((k: Kernel, vma: Addr, address: number) => { page: Addr; major: boolean }) | null;
}

/** address_space_operations. Pages arrive locked; readpage and writepage unlock them, unless writepage refuses. */
export interface AddressSpaceOps {
  readonly name: string;
  readonly readpage: ((k: Kernel, page: Addr) => void) | null;
  /** @returns 0 started or done; WRITEPAGE_ACTIVATE when refused. */
  readonly writepage: ((k: Kernel, page: Addr) => number) | null;
  readonly setPageDirty: ((k: Kernel, page: Addr) => void) | null;
}
export const WRITEPAGE_ACTIVATE = 0x80000;

export interface Shrinker {
  readonly name: string;
  readonly seeks: number;
  /** nr 0 asks how many objects there are; else frees up to nr. @returns objects left, -1 if it must not run now. */
  readonly shrink: (k: Kernel, nr: number, gfp: number) => number;
}

/** A constructor or destructor of a slab cache; `flags` are SLAB_CTOR_*, 0 for a destructor. */
export interface SlabCtor {
  readonly name: string;
  readonly run: (k: Kernel, object: Addr, cache: Addr, flags: number) => void;
}

export interface Kernel {
  readonly config: KernelConfig;
  readonly memory: Memory;
  /** DMA, Normal, HighMem; an absent zone has 0 pages. All share memory, ops and page_state. */
  readonly zones: readonly [BuddyMachine, BuddyMachine, BuddyMachine];
  /** Which zones a request asks, by its low two flag bits. */
  readonly zonelists: readonly (readonly ZoneIndex[])[];
  /** One `struct page` for every frame 0..pages-1. */
  readonly memMap: Addr;
  readonly pages: number;
  /** Pages below the HighMem zone. */
  readonly lowPages: Pfn;
  readonly pageState: Addr;
  /** `struct kernel_data`: the global variables of all parts. */
  readonly data: Addr;
  /** One address a frame: where its contents lie, 0 while it has none. See frames.ts. */
  readonly frameTable: Addr;
  /** First byte of the contents, a multiple of 4096, and for each contents frame the pfn that owns it. */
  readonly contents: Addr;
  readonly contentsOwner: Addr;
  /** The processor: where its TLB lies and how it walks page tables. */
  readonly cpu: Cpu;
  ops: KernelOps;
  vmOps: VmOps[];
  aOps: AddressSpaceOps[];
  shrinkers: Shrinker[];
  /** Named in a cache by index + 1. */
  ctors: SlabCtor[];
  /** Set with `recordEvents`: the zones share it. */
  events: SimEvent[] | null;
}
