// What happened to tasks, faults and mappings.

export type FaultKind =
  /** First read of anonymous memory: the shared page of zeros. */
  | "anon-read"
  /** First write of anonymous memory: a page of its own. */
  | "anon-write"
  /** A page of the file's cache. */
  | "file-map"
  /** A private write to a file page that was not there yet: a copy at once. */
  | "early-cow"
  | "swap-in"
  /** A write to a protected page that nobody else uses: just writable now. */
  | "cow-reuse"
  /** A write to a protected page that others see too: a copy. */
  | "cow-copy"
  /** The entry was fine: only A and D were set. */
  | "spurious"
  | "non-linear";

export type FaultEvent =
  | { readonly kind: "task-new"; readonly pid: number; readonly parent: number; readonly mm: number }
  /** Another task runs, 0: the kernel itself. */
  | { readonly kind: "task-switch"; readonly pid: number }
  /** A process has no use for what its pages in [start, end) hold. */
  | { readonly kind: "madvise"; readonly start: number; readonly end: number }
  /** The kernel copied to or from the running task's memory, or cleared it; `left` bytes could not be reached. */
  | {
      readonly kind: "user-copy";
      readonly how: "to-user" | "from-user" | "clear";
      readonly address: number;
      readonly bytes: number;
      readonly left: number;
    }
  | { readonly kind: "task-exit"; readonly pid: number; readonly signal: number }
  | { readonly kind: "task-reaped"; readonly pid: number; readonly parent: number }
  | { readonly kind: "task-exec"; readonly pid: number; readonly from: number; readonly to: number }
  /** The processor could not do an access: `code` as it pushed it (bit 0 present, 1 write, 2 user). */
  | { readonly kind: "page-fault"; readonly pid: number; readonly address: number; readonly code: number }
  /** How a handler answered; entries as numbers, frames `from` and `to` for copies. */
  | {
      readonly kind: "fault-handled";
      readonly how: FaultKind;
      readonly mm: number;
      readonly address: number;
      readonly write: boolean;
      readonly before: number;
      readonly after: number;
      readonly pfn: number;
    }
  | { readonly kind: "cow-copied"; readonly address: number; readonly from: number; readonly to: number }
  /** `why`: no area there (maperr) or not that kind of access (accerr); for an oops whether it was a null pointer. */
  | {
      readonly kind: "fault-ended";
      readonly pid: number;
      readonly address: number;
      readonly outcome: string;
      readonly why: "maperr" | "accerr" | "null-pointer" | "paging-request" | null;
    }
  | { readonly kind: "signal"; readonly pid: number; readonly signal: number; readonly address: number }
  /** fork went through an area: entries copied, and how many it made read-only in both. */
  | {
      readonly kind: "fork-area";
      readonly start: number;
      readonly end: number;
      readonly copied: number;
      readonly protected: number;
      readonly tables: "copied" | "skipped";
    }
  /** Entries of a range were taken out: pages let go, swap entries dropped. */
  | {
      readonly kind: "zap";
      readonly mm: number;
      readonly start: number;
      readonly end: number;
      readonly pages: number;
      readonly swapped: number;
    }
  | { readonly kind: "protect"; readonly start: number; readonly end: number; readonly changed: number }
  | { readonly kind: "move-ptes"; readonly from: number; readonly to: number; readonly moved: number }
  /** One mapping of a page went; an anonymous one left its swap entry. */
  | {
      readonly kind: "unmap-one";
      readonly pfn: number;
      readonly mm: number;
      readonly address: number;
      readonly before: number;
      readonly after: number;
    }
  /** 0 nothing maps the page any more, 1 something still does, 2 it must stay mapped. */
  | { readonly kind: "try-to-unmap"; readonly pfn: number; readonly result: number };
