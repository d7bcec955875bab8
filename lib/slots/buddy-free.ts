// Slot Y4: giving a block back and merging it with its free buddies.
// Source: Linux 2.6.11 mm/page_alloc.c (__free_pages_bulk, page_is_buddy)
import { buddySlot, freePagesBulkContract } from "./buddy-slot";

export const buddyFree = buddySlot({
  id: "buddy-free",
  functions: [freePagesBulkContract],
  install: {
    freePagesBulk: (_machine, call) => ({
      freePagesBulk: (_m, zone, page, order) => {
        call("freePagesBulk", [zone, page, order]);
      },
    }),
  },
});
