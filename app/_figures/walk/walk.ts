// Page walks and the TLB as a part that can be drawn and operated.
import { walkScenario } from "@/lib/scenarios/walk";
import { costModels, effectiveAccessTime } from "@/lib/sim/mmu/cost";
import { definePart } from "../part";
import { levelLooks } from "./flags";
import { layoutWalk } from "./layout";
import { concludeWalk, resultOfWalk, summarizeWalk, tellWalk } from "./narrate";
import { mirrorWalk, tabulateWalk } from "./table";

const legendKeys = { pgd: "legendPgd", pud: "legendPud", pmd: "legendPmd", pte: "legendPte" } as const;

export const walkPart = definePart("figure-walk", {
  scenario: walkScenario,
  figure: {
    layout: layoutWalk,
    legend: ({ levels }) => [
      ...levels.map(({ name }) => ({ look: levelLooks[name], key: legendKeys[name] })),
      { look: "reserved", key: "legendOffset" },
      { look: "lost", key: "legendFault" },
      { look: "panel", key: "legendTlb" },
    ],
    summarize: summarizeWalk,
    tabulate: tabulateWalk,
    tell: tellWalk,
    conclude: concludeWalk,
    result: resultOfWalk,
    mirror: mirrorWalk,
    measure: ({ mmu, levels }, words) => {
      const { hits, misses, walk_refs, d_walks, faults } = mmu.counters;
      const looks = hits + misses + d_walks;
      const ratio = looks === 0 ? 0 : hits / looks;
      return [
        { name: words("measureHits"), value: hits },
        { name: words("measureMisses"), value: misses },
        { name: words("measureRate"), value: looks === 0 ? "–" : `${Math.round(ratio * 100)} %` },
        { name: words("measureReads"), value: walk_refs },
        { name: words("measureDirty"), value: d_walks },
        { name: words("measureFaults"), value: faults },
        {
          name: words("measureTime"),
          value: looks === 0 ? "–" : effectiveAccessTime(costModels.memory, ratio, levels.length).toFixed(1),
        },
      ];
    },
  },
});
