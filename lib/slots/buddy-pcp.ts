// Slot Y5: the hot and cold per-CPU lists in front of the buddy lists.
// Source: Linux 2.6.11 mm/page_alloc.c (buffered_rmqueue, free_hot_cold_page)
// The learner's code moves single pages; it asks the machine for `rmqueue` and `freePagesBulk`, which stay the reference's.
import { COLD } from "@/lib/sim/constants";
import { KernelBug } from "@/lib/sim/kernel-bug";
import { MAX_ORDER } from "@/lib/sim/structs";
import { buddySlot, pageOrNull } from "./buddy-slot";

export const buddyPcp = buddySlot({
  id: "buddy-pcp",
  functions: [
    {
      name: "bufferedRmqueue",
      params: [
        { name: "zone", type: "zone" },
        { name: "cold", type: "boolean" },
      ],
      returns: "page?",
    },
    {
      name: "freeHotColdPage",
      params: [
        { name: "zone", type: "zone" },
        { name: "page", type: "page" },
        { name: "cold", type: "boolean" },
      ],
      returns: "void",
    },
  ],
  install: {
    bufferedRmqueue: (_machine, call) => ({
      bufferedRmqueue: (m, zone, order, cold) =>
        // Larger requests, and machines without per-CPU lists, go straight to the buddy lists.
        order === 0 && m.config.pcp
          ? pageOrNull(call("bufferedRmqueue", [zone, cold === COLD]))
          : m.ops.rmqueue(m, zone, order),
    }),
    freeHotColdPage: (_machine, call) => ({
      freeHotColdPage: (_m, zone, page, cold) => {
        call("freeHotColdPage", [zone, page, cold === COLD]);
      },
    }),
  },
  host: (machine) => ({
    rmqueue: (zone = 0, order = 0) =>
      machine.ops.rmqueue(machine, checkedZone(machine.zone, zone), checkedOrder(order)),
    freePagesBulk: (zone = 0, page = 0, order = 0) => {
      machine.ops.freePagesBulk(machine, checkedZone(machine.zone, zone), page, checkedOrder(order));
      return 0;
    },
  }),
});

// What a learner's code passes is hostile until proven a zone and an order; it is refused as the kernel would refuse it.
function checkedZone(expected: number, zone: number): number {
  if (zone !== expected) throw new KernelBug("bad-page-address", { address: zone });
  return zone;
}

function checkedOrder(order: number): number {
  if (!Number.isInteger(order) || order < 0 || order >= MAX_ORDER) throw new KernelBug("bad-order", { order });
  return order;
}
