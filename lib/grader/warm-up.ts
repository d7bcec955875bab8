// Work for a fresh worker: the engine's code is compiled in two stages by V8, and the second should be over before the first job.
import { bootBuddyMachine, buddyMachineBytes } from "@/lib/sim/buddy-machine";
import type { BuddyConfig } from "@/lib/sim/machine";
import { kernelSource } from "@/lib/slots/kernel-library";
import type { FunctionContract } from "@/lib/slots/slot";
import type { Engine } from "./engine";
import { openSandbox } from "./sandbox";

const rounds = 3;
const callsPerRound = 400;
const config: BuddyConfig = { pages: 256, init: "pages_asc" };
const contract: FunctionContract = {
  name: "turn",
  params: [
    { name: "zone", type: "zone" },
    { name: "order", type: "number" },
  ],
  returns: "page?",
};

/** Lists, views, loops and calls, as submissions use them; it solves nothing. */
const source = `
const { listFirst, listDel, listAddTail, listEmpty, pageIndex, pageAt, pageIsBuddy, setPageOrder, rmvPageOrder, MAX_ORDER } = require("kernel");
exports.turn = function turn(zone, order) {
  let seen = null;
  for (let at = order; at < MAX_ORDER; at++) {
    const area = zone.freeArea[at];
    if (listEmpty(area.freeList)) continue;
    const page = listFirst(area.freeList);
    listDel(page);
    rmvPageOrder(page);
    const other = pageAt(zone, pageIndex(zone, page) ^ (1 << at));
    if (other !== null && pageIsBuddy(other, at)) seen = other;
    setPageOrder(page, at);
    listAddTail(page, area.freeList);
    zone.pagesScanned = (zone.pagesScanned + 1) | 0;
  }
  return seen;
};`;

export function warmUp(engine: Engine): void {
  const kernel = kernelSource();
  for (let round = 0; round < rounds; round++) {
    const sandbox = openSandbox(engine, { source, limits: { fuel: 1_000_000_000 }, seed: 1 });
    const guest = sandbox.guest({ functions: [contract], memoryBytes: buddyMachineBytes(config), kernel });
    const machine = bootBuddyMachine(config, guest.memory!);
    for (let i = 0; i < callsPerRound; i++) guest.call("turn", [machine.zone, 0]);
  }
}
