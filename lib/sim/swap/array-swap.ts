// An obvious swap area of plain arrays, for tests: written from the rules of domain 10.3 alone, so that the simulator has something
// independent to agree with.

export class ArraySwap {
  readonly counters: number[];
  readonly max: number;
  lowest = 1;
  highest: number;
  clusterNr = 0;
  clusterNext = 0;
  readonly cluster: number;

  constructor(devicePages: number, cluster: number, badPages: readonly number[] = []) {
    this.max = devicePages - 1;
    this.highest = this.max - 1;
    this.cluster = cluster;
    this.counters = Array.from({ length: this.max }, (_, slot) => (slot === 0 || badPages.includes(slot) ? 0x8000 : 0));
  }

  /** The slot, or 0. */
  take(): number {
    const found = this.find();
    if (found === 0) {
      this.lowest = this.max;
      this.highest = 0;
      return 0;
    }
    if (found === this.lowest) this.lowest++;
    if (found === this.highest) this.highest--;
    if (this.lowest > this.highest) {
      this.lowest = this.max;
      this.highest = 0;
    }
    this.counters[found] = 1;
    this.clusterNext = found + 1;
    return found;
  }

  private find(): number {
    const isFree = (slot: number) => slot <= this.highest && this.counters[slot] === 0;
    if (this.clusterNr > 0) {
      for (let slot = this.clusterNext; slot <= this.highest; slot++) {
        if (!isFree(slot)) continue;
        this.clusterNr--;
        return slot;
      }
    }
    this.clusterNr = this.cluster;
    for (let start = this.lowest; start + this.cluster - 1 <= this.highest; start++)
      if (Array.from({ length: this.cluster }, (_, i) => start + i).every(isFree)) return start;
    for (let slot = this.lowest; slot <= this.highest; slot++) {
      if (!isFree(slot)) continue;
      this.lowest = slot + 1;
      return slot;
    }
    return 0;
  }

  drop(slot: number): void {
    if (this.counters[slot]! >= 0x7fff) return;
    this.counters[slot]! -= 1;
    if (this.counters[slot] !== 0) return;
    this.lowest = Math.min(this.lowest, slot);
    this.highest = Math.max(this.highest, slot);
  }
}
