// Operations on a buddy machine, as every trace, figure and own case writes them.
// Theory: an operation names the block it makes or gives back (`a`, `b`, ...), never an address, so that dropping
//         operations from a trace leaves the rest meaningful.

export interface AllocOp {
  readonly op: "alloc";
  readonly order: number;
  /** Names the block until it is freed; unique among the blocks in use. */
  readonly id: string;
  /** Asks for a cache-cold page (`__GFP_COLD`). */
  readonly cold?: boolean;
}

export interface FreeOp {
  readonly op: "free";
  readonly id: string;
  /** Gives the page to the cold list. */
  readonly cold?: boolean;
}

export type BuddyOp = AllocOp | FreeOp;

/** `a = alloc(order 1)`, `free(a)`; the same in every language. */
export function labelOf(op: BuddyOp): string {
  const cold = op.cold ? ", cold" : "";
  return op.op === "alloc" ? `${op.id} = alloc(order ${op.order}${cold})` : `free(${op.id}${cold})`;
}

/** The n-th name: a, b, ..., z, aa, ab, ... */
export function blockName(n: number): string {
  const letter = String.fromCharCode(97 + (n % 26));
  return n < 26 ? letter : blockName(Math.floor(n / 26) - 1) + letter;
}
