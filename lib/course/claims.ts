// Does the machine do what the lesson says about a figure? Replays the figure and compares it with the author's claims.
import { type Replay, replay } from "@/lib/slots/buddy-replay";
import type { FigureFile } from "./figures-file";

type Trace = Pick<Extract<FigureFile, { kind: "static" }>, "config" | "ops" | "claims">;

/** Every claim that does not hold, as a sentence; empty if all do. */
export function brokenClaims(figure: FigureFile): string[] {
  const traces: Trace[] = figure.kind === "compare" ? [figure.left, figure.right] : [figure];
  return traces.flatMap(({ config, ops, claims }) => {
    const played = replay(config, ops);
    return (claims ?? []).flatMap((claim) =>
      check(played, claim).map((mistake) => `after ${claim.after} operations ${mistake}`),
    );
  });
}

function check(played: Replay, claim: NonNullable<Trace["claims"]>[number]): string[] {
  const state = played.states[claim.after];
  if (!state) return [`there is no state: the figure has ${played.labels.length} operations`];
  const claimed: [string, unknown, unknown][] = [
    ["the free lists are", claim.lists, nonEmpty(state.freeLists)],
    ["free_pages is", claim.freePages, state.freePages],
    ["the hot list is", claim.hot, state.pcp?.hot.list],
    ["the cold list is", claim.cold, state.pcp?.cold.list],
    ["the operation returned", claim.returned, played.results[claim.after - 1]],
    ["the invariants are broken:", [], state.findings],
  ];
  return claimed.flatMap(([what, said, is]) => {
    if (said === undefined || JSON.stringify(said) === JSON.stringify(is)) return [];
    return [`${what} ${JSON.stringify(is)}, but the lesson says ${JSON.stringify(said)}`];
  });
}

function nonEmpty(lists: readonly (readonly number[])[]): Record<string, readonly number[]> {
  return Object.fromEntries(lists.flatMap((list, order) => (list.length ? [[String(order), list]] : [])));
}
