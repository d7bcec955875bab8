// The rules of a slab cache on plain arrays: something independent for the tests to agree with. Knows no memory and no pages.

export interface ModelSlab {
  readonly id: number;
  /** Free objects, first one first. */
  chain: number[];
}
export type ModelObject = readonly [slab: number, index: number];

export interface ModelConfig {
  readonly num: number;
  readonly limit: number;
  readonly batch: number;
  readonly freeLimit: number;
  /** Entries of the shared array. */
  readonly shared: number;
}

export class CacheModel {
  ac: ModelObject[] = [];
  shared: ModelObject[] = [];
  partial: ModelSlab[] = [];
  full: ModelSlab[] = [];
  free: ModelSlab[] = [];
  freeObjects = 0;
  destroyed: number[] = [];
  #touched = false;
  #sharedTouched = false;
  #freeTouched = false;
  #created = 0;
  readonly #config: ModelConfig;

  constructor(config: ModelConfig) {
    this.#config = config;
  }

  alloc(): ModelObject {
    const { batch, num } = this.#config;
    if (this.ac.length === 0) {
      let wanted = this.#touched ? batch : Math.min(batch, 16);
      if (this.shared.length > 0) {
        this.ac = this.shared.splice(Math.max(0, this.shared.length - wanted));
        this.#sharedTouched = true;
      } else {
        for (let grown = false; this.ac.length === 0; grown = true) {
          if (grown) this.free.push({ id: this.#created++, chain: Array.from({ length: num }, (_, index) => index) });
          if (grown) this.freeObjects += num;
          wanted = this.#fill(wanted);
        }
      }
    }
    this.#touched = true;
    return this.ac.pop()!;
  }

  #fill(wanted: number): number {
    let left = wanted;
    while (left > 0) {
      if (this.partial.length === 0) this.#freeTouched = true;
      const slab = this.partial.shift() ?? this.free.shift();
      if (!slab) break;
      const taken = slab.chain.splice(0, left);
      left -= taken.length;
      this.freeObjects -= taken.length;
      this.ac.push(...taken.map((index) => [slab.id, index] as const));
      (slab.chain.length === 0 ? this.full : this.partial).unshift(slab);
    }
    return left;
  }

  put(object: ModelObject): void {
    const { limit, batch, shared } = this.#config;
    if (this.ac.length === limit) {
      const room = shared - this.shared.length;
      const oldest = this.ac.splice(0, room > 0 ? Math.min(batch, room) : batch);
      if (room > 0) this.shared.push(...oldest);
      else this.#giveBack(oldest);
    }
    this.ac.push(object);
  }

  #giveBack(objects: readonly ModelObject[]): void {
    const { num, freeLimit } = this.#config;
    this.freeObjects += objects.length;
    for (const [id, index] of objects) {
      const slab = [...this.partial, ...this.full].find((each) => each.id === id)!;
      for (const list of [this.partial, this.full]) if (list.includes(slab)) list.splice(list.indexOf(slab), 1);
      slab.chain.unshift(index);
      if (slab.chain.length < num) this.partial.push(slab);
      else if (this.freeObjects > freeLimit) this.#destroy(slab);
      else this.free.unshift(slab);
    }
  }

  #destroy(slab: ModelSlab): void {
    this.freeObjects -= this.#config.num;
    this.destroyed.push(slab.id);
  }

  reap(): void {
    const { num, limit, freeLimit, shared } = this.#config;
    if (this.#touched) this.#touched = false;
    else this.#drain(this.ac, limit);
    if (this.#sharedTouched) this.#sharedTouched = false;
    else this.#drain(this.shared, shared);
    if (this.#freeTouched) {
      this.#freeTouched = false;
      return;
    }
    for (const slab of this.free.splice(0, Math.ceil(freeLimit / (5 * num)))) this.#destroy(slab);
  }

  #drain(array: ModelObject[], limit: number): void {
    const some = Math.floor((limit + 4) / 5);
    this.#giveBack(array.splice(0, some > array.length ? Math.ceil(array.length / 2) : some));
  }

  shrink(): void {
    this.#giveBack(this.ac.splice(0));
    this.#giveBack(this.shared.splice(0));
    while (this.free.length > 0) this.#destroy(this.free.pop()!);
  }
}
