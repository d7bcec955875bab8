// What overcommit accounting and the OOM killer decided.

export type OomEvent =
  /** Pages were asked for: promised (`errno` 0) or refused. `free` is what was counted as available, -1 if nobody counted. */
  | {
      readonly kind: "commit";
      readonly pages: number;
      readonly mode: 0 | 1 | 2;
      readonly free: number;
      readonly committed: number;
      readonly errno: number;
    }
  | { readonly kind: "uncommit"; readonly pages: number; readonly committed: number }
  /** No memory and no progress: the killer looks for a victim. */
  | { readonly kind: "oom"; readonly gfp: number }
  | { readonly kind: "oom-points"; readonly pid: number; readonly points: number }
  /** Somebody is dying already. */
  | { readonly kind: "oom-wait"; readonly pid: number }
  | { readonly kind: "oom-chosen"; readonly pid: number; readonly points: number; readonly why: "points" | "swapoff" }
  /** `why`: chosen itself, a child in its parent's stead, or another user of the same address space. */
  | { readonly kind: "oom-kill"; readonly pid: number; readonly why: "chosen" | "child" | "shares-mm" };
