// A process's address space as a part that can be drawn and operated.
import { spaceScenario } from "@/lib/scenarios/space";
import { definePart } from "../part";
import { layoutSpace } from "./layout";
import { concludeSpace, resultOfSpace, summarizeSpace, tellSpace } from "./narrate";
import { mirrorSpace, processesOf, tabulateSpace } from "./table";

export const spacePart = definePart("figure-space", {
  scenario: spaceScenario,
  figure: {
    layout: layoutSpace,
    legend: () => [
      { look: "free", key: "legendArea" },
      { look: "anon", key: "legendAnon" },
      { look: "file", key: "legendFile" },
      { look: "reserved", key: "legendZero" },
    ],
    summarize: summarizeSpace,
    tabulate: tabulateSpace,
    tell: tellSpace,
    conclude: concludeSpace,
    result: resultOfSpace,
    mirror: mirrorSpace,
    measure: (state, words) =>
      processesOf(state).flatMap(([who, { areas, totalVm, rss }]) => [
        { name: words("measureAreas", { who }), value: areas.length },
        { name: words("measurePages", { who }), value: totalVm },
        { name: words("measureResident", { who }), value: rss },
      ]),
  },
});
