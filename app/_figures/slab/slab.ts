// A slab cache as a part that can be drawn and operated.
import { slabScenario } from "@/lib/scenarios/slab";
import { definePart } from "../part";
import { layoutSlab } from "./layout";
import { concludeSlab, countPlaces, resultOfSlab, summarizeSlab, tellSlab } from "./narrate";
import { mirrorSlab, tabulateSlab } from "./table";

export const slabPart = definePart("figure-slab", {
  scenario: slabScenario,
  figure: {
    layout: layoutSlab,
    legend: ({ sharedBatches, offSlab, colour }) => [
      { look: "slab", key: "legendUsed" },
      { look: "hot", key: "legendCpu" },
      ...(sharedBatches > 0 ? [{ look: "cold", key: "legendShared" } as const] : []),
      { look: "free", key: "legendFree" },
      ...(offSlab ? [] : [{ look: "used", key: "legendDescriptor" } as const]),
      ...(colour > 1 ? [{ look: "guard", key: "legendColour" } as const] : []),
      { look: "reserved", key: "legendWaste" },
    ],
    summarize: summarizeSlab,
    tabulate: tabulateSlab,
    tell: tellSlab,
    conclude: concludeSlab,
    result: resultOfSlab,
    mirror: mirrorSlab,
    measure: (state, words) => {
      const { counters, slabs, freeObjects, freeLimit } = state;
      return [
        { name: words("measureUsed"), value: countPlaces(state).used },
        { name: words("measureSlabs"), value: slabs.length },
        { name: words("measureFree"), value: `${freeObjects} / ${freeLimit}` },
        { name: words("measureAlloc"), value: `${counters.allochit} / ${counters.allocmiss}` },
        { name: words("measureFrees"), value: `${counters.freehit} / ${counters.freemiss}` },
        { name: words("measureGrown"), value: counters.grown },
      ];
    },
  },
});
