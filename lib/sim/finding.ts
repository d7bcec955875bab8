// Something wrong in a machine's memory, as data. Invariant checks and bounded walks report these; nothing here throws.

/** `rule` is a key of `lib/words` (namespace `finding`); `args` name the place: pfn, order, list, count. */
export interface Finding {
  readonly rule: string;
  readonly args: Readonly<Record<string, string | number>>;
}
