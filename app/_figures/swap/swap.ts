// Swapping as a part that can be drawn and operated.
import { swapScenario } from "@/lib/scenarios/swap";
import { definePart } from "../part";
import { layoutSwap } from "./layout";
import { concludeSwap, resultOfSwap, summarizeSwap, tellSwap } from "./narrate";
import { mirrorSwap, tabulateSwap } from "./table";

export const swapPart = definePart("figure-swap", {
  scenario: swapScenario,
  figure: {
    layout: layoutSwap,
    legend: () => [
      { look: "anon", key: "legendMemory" },
      { look: "file", key: "legendCached" },
      { look: "used", key: "legendUsed" },
      { look: "free", key: "legendFree" },
      { look: "reserved", key: "legendReserved" },
    ],
    summarize: summarizeSwap,
    tabulate: tabulateSwap,
    tell: tellSwap,
    conclude: concludeSwap,
    result: resultOfSwap,
    mirror: mirrorSwap,
    measure: ({ free, cache, pswpin, pswpout }, words) => [
      { name: words("measureFree"), value: free },
      { name: words("measureCache"), value: cache.length },
      { name: words("measureIn"), value: pswpin },
      { name: words("measureOut"), value: pswpout },
    ],
  },
});
