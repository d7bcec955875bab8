// Every limit of one submission, once, with its reason. Nothing here depends on how fast a machine is.

const KiB = 1024;
const MiB = 1024 * KiB;

export const limits = {
  /** A page of C is about 2 KiB; nobody writes 32 pages for one function. */
  sourceBytes: 64 * KiB,
  /** What the guest's JavaScript may hold at once; a machine of 2^18 page frames takes 8 MiB of it. */
  heapBytes: 64 * MiB,
  /** What the host may use above `heapBytes` to read an error or to answer a call of a guest that has left no memory. */
  hostReserveBytes: MiB,
  /** The engine's whole memory: the heap above, its stack and static data, and room for fragmentation. 2,048 wasm pages. */
  wasmPages: 2048,
  /**
   * Guest call stack: about 650 plain calls. A sensible recursion over 2^18 frames is 18 deep. A Chromium worker's own stack ends at
   * about 1,200 such calls and Node's later; staying well below both lets no browser decide where a recursion ends.
   */
  stackBytes: 128 * KiB,
  /** Nested calls inside the engine, for what recurses without the guest's stack: V8's own stack ends between 2,000 and 10,700. */
  wasmDepth: 1200,
  /** What console.log may print, in characters; a page shows no more either. */
  outputChars: 64 * KiB,
  /** A value returned by the guest: how deep, and how many numbers, strings and so on it may hold in all. */
  valueDepth: 8,
  valueItems: 20_000,
  /** One string inside such a value, in characters. */
  valueStringChars: 1000,
  /** All strings and names of such a value together, in characters. */
  valueChars: 64 * KiB,
  /** Arguments of one host call. */
  hostArguments: 8,
  /** An error message as it is shown. */
  errorChars: 300,
  /** A stack trace as it is read, from which one place is taken. */
  stackTraceChars: 4000,
  /** How much further the hard stop lies than the fuel limit, so that a guest can normally be stopped where its line is known. */
  fuelReserve: 50_000_000,
  /** What reading an error may cost: its getters are the guest's own code. */
  describeFuel: 5_000_000,
} as const;

export interface Limits {
  /** Metered steps for all guests of the sandbox together. */
  readonly fuel: number;
}
