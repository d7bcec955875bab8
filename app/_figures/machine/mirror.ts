// The whole machine as a list for the keyboard: zones, swap, processes, numbers.
import type { MachineState } from "@/lib/scenarios/machine";
import { frameUses } from "@/lib/sim/whole/census";
import type { MirrorItem } from "../define";
import type { Scene } from "../scene";
import type { WordsOf } from "../words";
import { markState } from "../zones/marks";
import { cardNames, cardText } from "./cards";
import { shownTasks } from "./layout";
import { uses } from "./uses";
import { stateKeys, zonePlace } from "./zone";

type Words = WordsOf<"figure-machine">;

export function mirrorMachine(state: MachineState, scene: Scene, words: Words): MirrorItem[] {
  const place = (key: string) => {
    const { x, y, width, height } = scene.boxes.find((box) => box.key === key)!;
    return { x, y, width, height };
  };
  const { swap } = state;
  const used = swap.total - swap.free;
  return [
    ...state.zones.map((zone) => {
      const { name, startPfn: first, pages, free, min, low, high, active, inactive } = zone;
      const said = words(stateKeys[markState(zone)]);
      const parts = frameUses
        .filter((use) => zone.uses[use] > 0)
        .map((use) => words("useCount", { use: words(uses[use].name), count: zone.uses[use] }));
      const last = first + pages - 1;
      const detail = { zone: name, first, last, parts: parts.join(words("comma")), min, low, high, active, inactive };
      return {
        key: `zone:${name}`,
        label: words("itemZone", { zone: name, free, pages, state: said }),
        detail: words("detailZone", detail),
        level: 1,
        box: zonePlace(scene, name),
      };
    }),
    {
      key: "swap",
      label: words("itemSwap", { used, total: swap.total }),
      detail: words("detailSwap", { used, total: swap.total, cached: state.swapCache }),
      level: 1,
      box: place("swap"),
    },
    ...state.tasks.slice(0, shownTasks).map(({ pid, comm, parent, state: how, rss, totalVm, minFlt, majFlt }) => ({
      key: `task:${pid}`,
      label: words("itemTask", { pid, comm, state: how, rss, total: totalVm }),
      detail: words("detailTask", { pid, comm, parent, state: how, rss, total: totalVm, minor: minFlt, major: majFlt }),
      level: 1,
      box: place(`task:${pid}`),
    })),
    ...cardNames.map((name) => ({
      key: `card:${name}`,
      label: cardText(name, state, words),
      detail: words(cardDetails[name], { rules: state.findings?.join(", ") ?? "" }),
      level: 1,
      box: place(`card:${name}`),
    })),
  ];
}

const cardDetails = {
  pageCache: "detailPageCache",
  slab: "detailSlab",
  pageTables: "detailPageTables",
  committed: "detailCommitted",
  kswapd: "detailKswapd",
  killed: "detailKilled",
  monitor: "detailMonitor",
} as const;
