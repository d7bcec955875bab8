import { KernelBug, MAX_ORDER } from "kernel";

// Without bit operations: blocks of one order are numbered 0, 1, 2, ...; an even one and the next odd one are buddies.
export function buddyOf(index: number, order: number): number {
  const number = blockNumber(index, order);
  return (number % 2 === 0 ? number + 1 : number - 1) * 2 ** order;
}

export function parentOf(index: number, order: number): number {
  return Math.min(index, buddyOf(index, order));
}

function blockNumber(index: number, order: number): number {
  if (order < 0 || order > MAX_ORDER - 1) throw new KernelBug("order out of range");
  const number = index / 2 ** order;
  if (!Number.isInteger(number)) throw new KernelBug("misaligned block");
  return number;
}
