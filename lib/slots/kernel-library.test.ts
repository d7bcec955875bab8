import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootBuddyMachine, buddyMachineBytes } from "@/lib/sim/buddy-machine";
import type { Cold } from "@/lib/sim/constants";
import { type BuddyConfig, type BuddyMachine, pfnToPage } from "@/lib/sim/machine";
import { memoryAt } from "@/lib/sim/memory";
import { observeBuddy, sameBuddy } from "@/lib/sim/observe-buddy";
import { allocPages, freePages } from "@/lib/sim/page-alloc";
import { kernelSource, kernelTypes } from "./kernel-library";

interface Guest {
  readonly kernel: Record<string, (...args: never[]) => unknown>;
  readonly views: { page(addr: number): unknown; zone(addr: number): unknown; addressOf(view: unknown): number };
  readonly machine: BuddyMachine;
}

/** What a learner might write for the three buddy steps and the two per-CPU ones. */
const learnerSource = `
function expand(zone, page, low, high) {
  let order = high;
  while (order > low) {
    order--;
    const upper = k.pageAt(zone, k.pageIndex(zone, page) + (1 << order));
    k.setPageOrder(upper, order);
    k.listAdd(upper, zone.freeArea[order].freeList);
    zone.freeArea[order].nrFree++;
  }
  return page;
}
function rmqueue(zone, order) {
  for (let current = order; current < k.MAX_ORDER; current++) {
    const area = zone.freeArea[current];
    const page = k.listFirst(area.freeList);
    if (page === null) continue;
    k.listDel(page.lru);
    k.rmvPageOrder(page);
    area.nrFree--;
    zone.freePages -= 1 << order;
    return expand(zone, page, order, current);
  }
  return null;
}
function freePagesBulk(zone, page, order) {
  let index = k.pageIndex(zone, page);
  zone.freePages += 1 << order;
  for (; order < k.MAX_ORDER - 1; order++) {
    const buddy = k.pageAt(zone, index ^ (1 << order));
    if (buddy === null || !k.pageIsBuddy(buddy, order)) break;
    k.listDel(buddy);
    zone.freeArea[order].nrFree--;
    k.rmvPageOrder(buddy);
    index &= ~(1 << order);
  }
  const merged = k.pageAt(zone, index);
  k.setPageOrder(merged, order);
  k.listAdd(merged, zone.freeArea[order].freeList);
  zone.freeArea[order].nrFree++;
}
function bufferedRmqueue(zone, cold) {
  const pcp = zone.pageset[cold];
  if (pcp.count <= pcp.low) {
    for (let i = 0; i < pcp.batch; i++) {
      const page = k.rmqueue(zone, 0);
      if (page === null) break;
      k.listAddTail(page, pcp.list);
      pcp.count++;
    }
  }
  const page = k.listFirst(pcp.list);
  if (page === null) return k.rmqueue(zone, 0);
  k.listDel(page);
  pcp.count--;
  return page;
}
function freeHotColdPage(zone, page, cold) {
  const pcp = cold ? zone.pageset.cold : zone.pageset.hot;
  if (pcp.count >= pcp.high) {
    for (let i = 0; i < pcp.batch && !k.listEmpty(pcp.list); i++) {
      const last = k.listLast(pcp.list);
      k.listDel(last);
      k.freePagesBulk(zone, last, 0);
      pcp.count--;
    }
  }
  k.listAdd(page, pcp.list);
  pcp.count++;
}
return { expand, rmqueue, freePagesBulk, bufferedRmqueue, freeHotColdPage };`;

function bootGuest(config: BuddyConfig): Guest {
  const buffer = new ArrayBuffer(buddyMachineBytes(config));
  const machine = bootBuddyMachine(config, memoryAt(buffer, 0, buffer.byteLength));
  const host = {
    rmqueue: (zone: number, order: number) => machine.ops.rmqueue(machine, zone, order),
    freePagesBulk: (zone: number, page: number, order: number) => machine.ops.freePagesBulk(machine, zone, page, order),
  };
  const kernel = evaluate(buffer, host);
  return { kernel, views: kernel.__views as unknown as Guest["views"], machine };
}

function evaluate(buffer: ArrayBuffer | null, host: object, constants: object = {}): Guest["kernel"] {
  return new Function(`return ${kernelSource()}`)()(buffer, host, constants);
}

/** Puts the learner's functions into the machine's ops table, as the grader does through the sandbox. */
function install({ kernel, views, machine }: Guest, names: readonly string[]): void {
  const learner = new Function("k", learnerSource)(kernel);
  const { page, zone, addressOf } = views;
  const ops = {
    expand: (_: BuddyMachine, z: number, p: number, low: number, high: number) =>
      addressOf(learner.expand(zone(z), page(p), low, high)),
    rmqueue: (_: BuddyMachine, z: number, order: number) => addressOf(learner.rmqueue(zone(z), order)),
    freePagesBulk: (_: BuddyMachine, z: number, p: number, order: number) =>
      learner.freePagesBulk(zone(z), page(p), order),
    bufferedRmqueue: (m: BuddyMachine, z: number, order: number, cold: Cold) =>
      order === 0 && m.config.pcp ? addressOf(learner.bufferedRmqueue(zone(z), cold)) : m.ops.rmqueue(m, z, order),
    freeHotColdPage: (_: BuddyMachine, z: number, p: number, cold: Cold) =>
      learner.freeHotColdPage(zone(z), page(p), cold),
  };
  for (const name of names) Object.assign(machine.ops, { [name]: ops[name as keyof typeof ops] });
}

const configs: fc.Arbitrary<BuddyConfig> = fc.record({
  pages: fc.integer({ min: 1, max: 200 }),
  startPfn: fc.constantFrom(0, 5, 1024),
  init: fc.constantFrom("one-block", "boot32", "pages_asc", "pages_desc", "holes"),
  pcp: fc.constantFrom(
    null,
    { batch: 1 },
    { batch: 2 },
    { hot: { low: 1, high: 3, batch: 4 }, cold: { low: 0, high: 1, batch: 1 } },
  ),
});
const steps = fc.array(
  fc.record({
    free: fc.boolean(),
    order: fc.integer({ min: 0, max: 4 }),
    pick: fc.nat(),
    cold: fc.constantFrom(0 as const, 1 as const),
  }),
  { maxLength: 60 },
);
const subsets = fc.subarray(["expand", "rmqueue", "freePagesBulk", "bufferedRmqueue", "freeHotColdPage"], {
  minLength: 1,
});

describe("the kernel library", () => {
  it("lets a learner's steps drive the simulator to the very bytes of the reference", () => {
    fc.assert(
      fc.property(configs, steps, subsets, (config, trace, names) => {
        const reference = bootBuddyMachine(config);
        const guest = bootGuest(config);
        install(guest, names);
        const held: { page: number; order: number }[] = [];
        for (const { free, order, pick, cold } of trace) {
          if (free && held.length > 0) {
            const [block] = held.splice(pick % held.length, 1);
            freePages(reference, block!.page, block!.order, cold);
            freePages(guest.machine, block!.page, block!.order, cold);
          } else if (!free) {
            const page = allocPages(reference, cold, order);
            expect(allocPages(guest.machine, cold, order)).toBe(page);
            if (page !== 0) held.push({ page, order });
          }
          expect(sameBuddy(reference, guest.machine)).toBe(true);
        }
        expect(observeBuddy(guest.machine, [])).toEqual(observeBuddy(reference, []));
        expect(guest.machine.memory.u8).toEqual(reference.memory.u8);
      }),
    );
  });

  it("gives the same view for the same structure, so that === compares pages", () => {
    const { kernel, views, machine } = bootGuest({ pages: 16, init: "one-block" });
    const zone = views.zone(machine.zone) as never;
    const page = kernel.pageAt!(zone, 3 as never);
    expect(page).toBe(views.page(pfnToPage(machine, 3)));
    expect(views.addressOf(page)).toBe(pfnToPage(machine, 3));
    expect(views.zone(machine.zone)).toBe(zone);
  });

  it("answers null outside the zone and 0 or -1 for what is no view", () => {
    const { kernel, views, machine } = bootGuest({ pages: 13, init: "one-block" });
    const zone = views.zone(machine.zone) as never;
    for (const index of [-1, 13, 1.5, Number.NaN, 2 ** 40]) expect(kernel.pageAt!(zone, index as never)).toBeNull();
    expect(views.page(0)).toBeNull();
    expect([
      views.addressOf(null),
      views.addressOf(undefined),
      views.addressOf({ addr: 64 }),
      views.addressOf(7),
    ]).toEqual([0, -1, -1, -1]);
  });

  it("says which argument was wrong and what to pass instead", () => {
    const { kernel, views, machine } = bootGuest({ pages: 16, init: "one-block" });
    const zone = views.zone(machine.zone) as { freeArea: unknown[] };
    const page = kernel.pageAt!(zone as never, 2 as never);
    expect(() => kernel.listAdd!(page as never, zone.freeArea[0] as never)).toThrow(/anchor of a list.*freeList/);
    expect(() => kernel.listDel!(null as never)).toThrow(/listDel expects a page or its lru link, got null/);
    expect(() => kernel.listDel!(page as never)).toThrow(/on no list/);
    for (const wrong of [undefined, null, 5, {}, zone]) {
      expect(() => kernel.setPageOrder!(wrong as never, 0 as never)).toThrow(/setPageOrder expects a page, got/);
      expect(() => kernel.pageIndex!(zone as never, wrong as never)).toThrow(/pageIndex expects a page, got/);
      expect(() => kernel.listAddTail!(wrong as never, page as never)).toThrow(
        /listAddTail expects a page or its lru link, got/,
      );
    }
    for (const wrong of [undefined, null, page])
      expect(() => kernel.pageAt!(wrong as never, 0 as never)).toThrow(/expects a zone/);
    expect(() => kernel.expand!(zone as never, page as never, 0 as never, 1 as never)).toThrow(
      /not offered in this exercise/,
    );
  });

  it("reports a wild link as a kernel bug instead of handing out a page that does not exist", () => {
    const { kernel, views, machine } = bootGuest({ pages: 16, init: "one-block" });
    const zone = views.zone(machine.zone) as { freeArea: { freeList: { addr: number } }[] };
    const list = zone.freeArea[4]!.freeList;
    machine.memory.u32[list.addr >>> 2] = 0xdead0000;
    expect(() => kernel.listFirst!(list as never)).toThrow(kernel.KernelBug as never);
  });

  it("keeps working after the learner has overwritten the built-ins it needs", () => {
    const { kernel, views, machine } = bootGuest({ pages: 16, init: "one-block" });
    const zone = views.zone(machine.zone) as { freePages: number };
    const { Uint32Array: words } = globalThis;
    try {
      Object.assign(globalThis, { Uint32Array: null });
      expect(zone.freePages).toBe(16);
      expect(views.addressOf(kernel.pageAt!(zone as never, 1 as never))).toBe(pfnToPage(machine, 1));
    } finally {
      Object.assign(globalThis, { Uint32Array: words });
    }
  });

  it("works without a machine, for slots of values only, and exports further constants", () => {
    const kernel = evaluate(null, {}, { LIMIT: 7 });
    expect(kernel.MAX_ORDER).toBe(11);
    expect(kernel.LIMIT).toBe(7);
  });

  it("declares for the editor exactly what it exports", () => {
    const exported = Object.keys(evaluate(null, {}));
    const declared = [...kernelTypes().matchAll(/export (?:const|function|class) (\w+)/g)].map((match) => match[1]!);
    expect([...declared].sort()).toEqual([...exported].sort());
  });
});
