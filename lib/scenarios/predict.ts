// What a figure asks about its last operation, and the answer: the result, or a number or a list of numbers of the state afterwards.
import { openPart } from "./open-part";
import type { Moment } from "./run";
import type { AnyScenario } from "./scenario";

/** `result`, or the path of a value in the state: `zones.1.free`. */
export type AnswerAt = string;

/** A value of the state by its path. */
export function valueAt(state: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => {
    if (typeof value !== "object" || value === null) return undefined;
    return (value as Readonly<Record<string, unknown>>)[name];
  }, state);
}

/** The numbers that answer; empty for an empty list and for a result of null (nothing was returned). Null: no such numbers. */
export function answerAt({ state, result }: Pick<Moment<unknown>, "state" | "result">, at: AnswerAt): number[] | null {
  const value = at === "result" ? result : valueAt(state, at);
  if (value === null) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.every((each): each is number => typeof each === "number") ? list : null;
}

/** The answer to a figure's question. @throws Error as `openPart`. */
export function answerOf(
  scenario: AnyScenario,
  config: unknown,
  lines: readonly string[],
  at: AnswerAt,
): number[] | null {
  return answerAt(openPart(scenario, config, lines).moments.at(-1)!.at(-1)!, at);
}
