// An obvious buddy allocator with per-CPU lists, for tests: arrays of block indices, no memory, no links, no marks.
// Written from the rules alone, so that the simulator has something independent to agree with.
import type { PcpMarks } from "./machine";

export class ArrayModel {
  /** By order; head first; indices within the zone. */
  readonly free: number[][] = Array.from({ length: 11 }, () => []);
  readonly parked: { hot: number[]; cold: number[] } = { hot: [], cold: [] };
  readonly pages: number;
  readonly marks: { hot: PcpMarks; cold: PcpMarks } | null;

  constructor(pages: number, marks: { hot: PcpMarks; cold: PcpMarks } | null = null) {
    this.pages = pages;
    this.marks = marks;
  }

  /** Index of the block, or null. */
  take(order: number): number | null {
    if (order > 10) return null;
    const first = this.free[order]!.shift();
    if (first !== undefined) return first;
    const larger = this.take(order + 1);
    if (larger === null) return null;
    this.free[order]!.unshift(larger + 2 ** order);
    return larger;
  }

  give(index: number, order: number): void {
    const size = 2 ** order;
    const buddy = (index / size) % 2 === 0 ? index + size : index - size;
    const at = this.free[order]!.indexOf(buddy);
    if (order < 10 && at >= 0) {
      this.free[order]!.splice(at, 1);
      this.give(Math.min(index, buddy), order + 1);
    } else this.free[order]!.unshift(index);
  }

  alloc(order: number, list: "hot" | "cold"): number | null {
    if (order > 0 || !this.marks) return this.take(order);
    const { low, batch } = this.marks[list];
    const parked = this.parked[list];
    if (parked.length <= low) {
      for (let i = 0; i < batch; i++) {
        const index = this.take(0);
        if (index === null) break;
        parked.push(index);
      }
    }
    return parked.shift() ?? this.take(0);
  }

  release(index: number, order: number, list: "hot" | "cold"): void {
    if (order > 0 || !this.marks) {
      this.give(index, order);
      return;
    }
    const { high, batch } = this.marks[list];
    const parked = this.parked[list];
    if (parked.length >= high) for (const back of parked.splice(-batch).reverse()) this.give(back, 0);
    parked.unshift(index);
  }

  freePages(): number {
    return this.free.reduce((sum, blocks, order) => sum + blocks.length * 2 ** order, 0);
  }
}
