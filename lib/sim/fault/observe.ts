// What can be seen of tasks, frames and who shares them. Types only: figures import these, never the code that decodes.

export interface TaskView {
  readonly pid: number;
  /** 0: nobody's child. */
  readonly parent: number;
  readonly comm: string;
  readonly state: "running" | "interruptible" | "uninterruptible" | "zombie" | "dead" | "unknown";
  /** Names an address space; 0 for a task of the kernel and for a zombie. */
  readonly mm: number;
  readonly minFlt: number;
  readonly majFlt: number;
  /** Pages. */
  readonly rss: number;
  readonly anonRss: number;
  readonly totalVm: number;
  /** PTE pages. */
  readonly nrPtes: number;
}

/** One entry that maps a frame. */
export interface MappingView {
  readonly mm: number;
  readonly address: number;
  readonly pte: number;
  readonly writable: boolean;
  readonly dirty: boolean;
  readonly young: boolean;
}

export interface FrameView {
  readonly pfn: number;
  readonly count: number;
  readonly mapcount: number;
  /** PG_* names, lowest bit first. */
  readonly flags: readonly string[];
  readonly owner: "zero" | "anon" | "file" | "none";
  /** Page number in its file or area. */
  readonly index: number;
  readonly mappings: readonly MappingView[];
}

/** An entry that names a place in swap. */
export interface SwappedView {
  readonly mm: number;
  readonly address: number;
  readonly pte: number;
}

export interface FaultState {
  readonly tasks: readonly TaskView[];
  /** pid of the running task, 0 for the kernel. */
  readonly current: number;
  /** Frames that some entry maps, ascending: the sharing graph. */
  readonly frames: readonly FrameView[];
  readonly swapped: readonly SwappedView[];
  readonly nrMapped: number;
  readonly pgfault: number;
  readonly pgmajfault: number;
}

/** One fault of the log. */
export interface FaultLogEntry {
  readonly pid: number;
  readonly address: number;
  readonly code: number;
  readonly outcome: string;
  /** What the handlers did, in order; empty for a bad access. */
  readonly handled: readonly {
    readonly how: string;
    readonly before: number;
    readonly after: number;
    readonly pfn: number;
  }[];
}
