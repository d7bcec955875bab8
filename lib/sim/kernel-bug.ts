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
  /** A page that is to be put on an LRU list is on one already. */
  | "page-on-lru";
