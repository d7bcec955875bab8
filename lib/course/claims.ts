// Does the machine do what the lesson says about a figure? Replays the figure and compares it with the author's claims.
import { openPart } from "@/lib/scenarios/open-part";
import { answerOf, valueAt } from "@/lib/scenarios/predict";
import { scenarios } from "@/lib/scenarios/registry";
import { type Replay, replay } from "@/lib/slots/buddy-replay";
import type { FigureFile, PartFigureFile, PartPredictFile } from "./figures-file";

type Trace = Pick<Extract<FigureFile, { kind: "static" }>, "config" | "ops" | "claims">;

/** Every claim that does not hold, as a sentence; empty if all do. */
export function brokenClaims(figure: FigureFile): string[] {
  if (figure.kind === "part") return brokenPart(figure);
  if (figure.kind === "part-predict") return [...brokenPart(figure), ...brokenQuestion(figure)];
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

function brokenPart({ part, config, ops, claims }: PartFigureFile | PartPredictFile): string[] {
  const session = opened(part, config, ops);
  if (typeof session === "string") return [session];
  const left = ops.length - session.ops.length;
  const refused = left === 0 ? [] : [`${left} of its operations are refused`];
  const broken = (claims ?? []).flatMap(({ after, result, state }) => {
    const moment = session.moments[after]?.at(-1);
    if (!moment) return [`there is no state after ${after} operations`];
    const claimed: [string, unknown, unknown][] = [
      ["the result is", result, moment.result],
      ...Object.entries(state ?? {}).map(([path, said]): [string, unknown, unknown] => [
        `${path} is`,
        said,
        valueAt(moment.state, path),
      ]),
    ];
    return claimed.flatMap(([what, said, is]) => {
      if (said === undefined || JSON.stringify(said) === JSON.stringify(is)) return [];
      return [`after ${after} operations ${what} ${JSON.stringify(is)}, but the lesson says ${JSON.stringify(said)}`];
    });
  });
  return [...refused, ...broken];
}

/** The session, or what is wrong with the figure's machine or commands. */
function opened(part: PartFigureFile["part"], config: unknown, ops: readonly string[]) {
  try {
    return openPart(scenarios[part], config, ops);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message;
  }
}

/** Asked only of a machine that `brokenPart` finds sound. */
function brokenQuestion({ part, config, ops, answer }: PartPredictFile): string[] {
  if (typeof opened(part, config, ops) === "string") return [];
  return answerOf(scenarios[part], config, ops, answer) === null
    ? [`"${answer}" names no number and no list of numbers`]
    : [];
}
