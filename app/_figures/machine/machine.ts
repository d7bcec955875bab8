// The whole machine as a part that can be drawn and operated.
import { type MachineState, machineScenario } from "@/lib/scenarios/machine";
import { definePart } from "../part";
import { joinSentences } from "../sentences";
import type { WordsOf } from "../words";
import { cardText } from "./cards";
import { concludeMachine, resultOfMachine } from "./conclude";
import { layoutMachine } from "./layout";
import { mirrorMachine } from "./mirror";
import { pagesOfUse, tabulateMachine } from "./table";
import { tellMachine } from "./tell";
import { uses } from "./uses";

type Words = WordsOf<"figure-machine">;

export const machinePart = definePart("figure-machine", {
  scenario: machineScenario,
  figure: {
    layout: layoutMachine,
    legend: () => Object.values(uses).map(({ look, legend }) => ({ look, key: legend })),
    summarize,
    tabulate: tabulateMachine,
    tell: tellMachine,
    conclude: concludeMachine,
    result: resultOfMachine,
    mirror: mirrorMachine,
    measure: (state, words) => [
      { name: words("measureFree"), value: pagesOfUse(state, "free") + pagesOfUse(state, "percpu") },
      { name: words("useAnon"), value: pagesOfUse(state, "anon") },
      { name: words("useFile"), value: pagesOfUse(state, "file") },
      { name: words("measureSwap"), value: state.swap.total - state.swap.free },
      { name: words("measureTasks"), value: state.tasks.length },
      { name: words("measureMonitor"), value: cardText("monitor", state, words) },
    ],
  },
});

function summarize(state: MachineState, words: Words): string {
  const use = (name: "anon" | "file" | "slab" | "kernel") => pagesOfUse(state, name);
  return joinSentences([
    words("summaryPages", {
      pages: state.pages,
      free: pagesOfUse(state, "free") + pagesOfUse(state, "percpu"),
      anon: use("anon"),
      file: use("file"),
      slab: use("slab"),
      kernel: use("kernel"),
    }),
    words("summaryTasks", {
      count: state.tasks.length,
      used: state.swap.total - state.swap.free,
      total: state.swap.total,
      awake: state.kswapdAwake ? "yes" : "no",
      killed: state.killed,
    }),
    summaryVerdict(state, words),
  ]);
}

function summaryVerdict({ findings }: MachineState, words: Words): string {
  if (findings === null) return words("summaryUnchecked");
  return findings.length === 0 ? words("summaryOk") : words("doneBroken", { rules: findings.join(", ") });
}
