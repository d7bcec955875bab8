// Slot Y3: taking a block from the buddy lists and cutting it down to the order asked for.
// Source: Linux 2.6.11 mm/page_alloc.c (__rmqueue, expand)
import { buddySlot, expandContract, pageOrNull, rmqueueContract } from "./buddy-slot";

export const buddyExpand = buddySlot({
  id: "buddy-expand",
  functions: [expandContract, rmqueueContract],
  install: {
    expand: (_machine, call) => ({
      expand: (_m, zone, page, low, high) => pageOrNull(call("expand", [zone, page, low, high])),
    }),
    rmqueue: (_machine, call) => ({ rmqueue: (_m, zone, order) => pageOrNull(call("rmqueue", [zone, order])) }),
  },
});
