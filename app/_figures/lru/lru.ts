// The LRU lists and reclaim as a part that can be drawn and operated.
import { lruScenario } from "@/lib/scenarios/lru";
import { definePart } from "../part";
import { layoutLru } from "./layout";
import { concludeLru, resultOfLru, summarizeLru, tellLru } from "./narrate";
import { mirrorLru, tabulateLru } from "./table";

export const lruPart = definePart("figure-lru", {
  scenario: lruScenario,
  figure: {
    layout: layoutLru,
    legend: () => [
      { look: "file", key: "legendFile" },
      { look: "anon", key: "legendAnon" },
      { look: "dirty", key: "legendDirty" },
    ],
    summarize: summarizeLru,
    tabulate: tabulateLru,
    tell: tellLru,
    conclude: concludeLru,
    result: resultOfLru,
    mirror: mirrorLru,
    measure: ({ active, inactive, free, pgactivate, pgdeactivate, pgsteal }, words) => [
      { name: words("measureActive"), value: active.length },
      { name: words("measureInactive"), value: inactive.length },
      { name: words("measureFree"), value: free },
      { name: "pgactivate", value: pgactivate },
      { name: "pgdeactivate", value: pgdeactivate },
      { name: "pgsteal", value: pgsteal },
    ],
  },
});
