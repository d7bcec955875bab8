// Likely values and random operations for the swap scene.
import type { Rng } from "@/lib/sim/rng";
import type { SwapOp, SwapSceneState } from "./swap-types";
import { suggestWho, whos } from "./who";

/** Pages that reclaim could take: in memory with or without a slot, or back in the cache. */
export function reclaimable({ parent, child, cache }: SwapSceneState): number[] {
  const inCache = new Set(cache.map(({ slot }) => slot));
  return parent.pages.flatMap((page, index) => {
    const views = [page, child?.pages[index]];
    const there = views.some(
      (view) => view !== undefined && (view.place === "memory" || (view.slot !== null && inCache.has(view.slot))),
    );
    return there ? [index] : [];
  });
}

export function suggestForSwap(
  state: SwapSceneState,
  op: SwapOp["op"],
  parameter: string,
): readonly (string | number)[] {
  const { parent, child, areas } = state;
  if (parameter === "page") {
    if (op === "out") return reclaimable(state).slice(0, 12);
    const places =
      op === "write" ? ["none", "swap", "memory", "cached", "zero"] : ["swap", "cached", "memory", "zero", "none"];
    return places.flatMap((place) =>
      parent.pages.flatMap((page, index) => (page.place === place ? [index] : [])).slice(0, 4),
    );
  }
  if (parameter === "count") return [1, 4];
  if (parameter === "who") return suggestWho(child);
  if (parameter === "area")
    return areas.filter(({ state: each }) => (op === "swapon") === (each === "off")).map(({ name }) => name);
  return [];
}

/** Legal in this state; nothing that would end the process. */
export function randomSwapOp(state: SwapSceneState, rng: Rng): SwapOp {
  const { parent, child, areas } = state;
  const out = reclaimable(state);
  const die = rng.below(100);
  const page = rng.below(parent.pages.length);
  const who = child === null ? "parent" : rng.pick(whos);
  if (die < 40 && out.length > 0) return { op: "out", page: rng.pick(out), count: 1 };
  if (die < 62) return { op: "read", page, who };
  if (die < 66) return child === null ? { op: "fork" } : { op: "exit" };
  if (die < 71) return { op: "forget", page, count: 1 };
  if (die < 75) {
    const area = rng.pick(areas);
    return area.state === "off" ? { op: "swapon", area: area.name, prio: -1 } : { op: "swapoff", area: area.name };
  }
  return { op: "write", page, who };
}
