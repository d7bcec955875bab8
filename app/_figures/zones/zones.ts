// The zones and their marks as a part that can be drawn and operated.
import { zonesScenario } from "@/lib/scenarios/zones";
import { definePart } from "../part";
import { layoutZones } from "./layout";
import { concludeZones, resultOfZones, summarizeZones, tellZones } from "./narrate";
import { mirrorZones, tabulateZones } from "./table";

export const zonesPart = definePart("figure-zones", {
  scenario: zonesScenario,
  figure: {
    layout: layoutZones,
    legend: () => [
      { look: "anon", key: "legendFree" },
      { look: "free", key: "legendUsed" },
    ],
    summarize: summarizeZones,
    tabulate: tabulateZones,
    tell: tellZones,
    conclude: concludeZones,
    result: resultOfZones,
    mirror: mirrorZones,
    measure: ({ zones, live }, words) => [
      ...zones.map(({ name, free }) => ({ name: words("measureFree", { zone: name }), value: free })),
      { name: words("measureUsed"), value: live.length },
    ],
  },
});
