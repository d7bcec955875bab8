// The observable state of overcommit and the OOM killer. Plain data; observe-oom.ts decodes it.

export interface OomTaskState {
  readonly pid: number;
  /** Pages; null without an address space. */
  readonly totalVm: number | null;
  readonly points: number;
  readonly dying: boolean;
}

export interface OomState {
  readonly kind: "oom";
  readonly mode: 0 | 1 | 2;
  readonly committed: number;
  /** What mode 2 may promise in all to a task that is no administrator and has no pages yet. */
  readonly commitLimit: number;
  readonly killed: number;
  /** In the order in which the killer looks at them; init is among them, though it is never chosen. */
  readonly tasks: readonly OomTaskState[];
}
