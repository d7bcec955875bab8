// Cases that a learner writes: text in the language of the exercise's slot -> operations, or what is wrong with the text.
import type { PublicExercise } from "@/lib/course/exercise";
import type { BuddyConfig } from "@/lib/sim/machine";
import { firstIllegal, maxTextOps, parseTrace } from "@/lib/slots/buddy-text";
import type { Case, Message, Value } from "@/lib/slots/slot";

export interface OwnCase {
  readonly id: string;
  /** Name of the visible case whose machine it uses; null for calls, which need none. */
  readonly machine: string | null;
  readonly text: string;
  readonly case: Case;
}

/** `trace`: operations on a machine (lib/slots/buddy-text.ts). `calls`: one call a line. Null: only the server knows the right answers. */
export type CaseLanguage = "trace" | "calls" | null;

export function languageOf(exercise: PublicExercise): CaseLanguage {
  if (exercise.visible.some((one) => one.expected !== undefined)) return null;
  const ops = exercise.visible.flatMap((one) => one.ops);
  if (ops.every((op) => hasKey(op, "call"))) return "calls";
  return ops.every((op) => hasKey(op, "op") && (op.op === "alloc" || op.op === "free")) ? "trace" : null;
}

/** A line that shows how cases of this exercise are written. */
export function exampleOf(exercise: PublicExercise): string {
  const op = exercise.visible[0]?.ops[0];
  return hasKey(op, "call") && Array.isArray(op.args)
    ? `${String(op.call)}(${op.args.map((arg) => JSON.stringify(arg)).join(", ")})`
    : "";
}

/** What is wrong with a text, and where; the key names its namespace. */
export interface TextProblem extends Message {
  /** 1-based. */
  readonly line: number;
}

export type ParsedCase =
  | { readonly ops: readonly Value[]; readonly problem: null }
  | { readonly ops: null; readonly problem: TextProblem };

/** @param config of the machine that the trace runs on */
export function parseCase(exercise: PublicExercise, config: Value, text: string): ParsedCase {
  return languageOf(exercise) === "calls" ? parseCalls(exercise, text) : parseMachineTrace(config, text);
}

/** Readable and legal: every name is free when it is given, and in use when it is freed. */
export function parseMachineTrace(config: Value, text: string): ParsedCase {
  const parsed = parseTrace(text);
  const refuse = (line: number, { key, args }: Message): ParsedCase => ({
    ops: null,
    problem: { line, key: `verdict.${key}`, args },
  });
  if (!parsed.ok) return refuse(parsed.line, parsed.message);
  const illegal = firstIllegal(config as unknown as BuddyConfig, parsed.ops);
  if (illegal) return refuse(parsed.lines[illegal.index]!, illegal.message);
  return { ops: parsed.ops as unknown as readonly Value[], problem: null };
}

/** One call a line, its arguments as JSON: `buddyOf(12, 2)`. Only functions and arities that the visible cases use. */
function parseCalls(exercise: PublicExercise, text: string): ParsedCase {
  const arity = new Map<string, number>();
  for (const op of exercise.visible.flatMap((one) => one.ops)) {
    if (hasKey(op, "call") && Array.isArray(op.args)) arity.set(String(op.call), op.args.length);
  }
  const refuse = (line: number, key: string, args: Message["args"]): ParsedCase => ({
    ops: null,
    problem: { line, key: `workspace.trace.${key}`, args },
  });
  const ops: Value[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const words = raw
      .replace(/(#|\/\/).*$/, "")
      .replace(/;\s*$/, "")
      .trim();
    if (words === "") continue;
    const [, call = "", list = ""] = /^([A-Za-z]\w*)\s*\((.*)\)$/.exec(words) ?? [];
    const args = jsonList(list);
    if (!args || arity.get(call) !== args.length)
      return refuse(index + 1, "call", { text: words.slice(0, 40), example: exampleOf(exercise) });
    if (ops.length === maxTextOps) return refuse(index + 1, "tooLong", { max: maxTextOps });
    ops.push({ call, args });
  }
  return ops.length === 0 ? refuse(1, "empty", {}) : { ops, problem: null };
}

function jsonList(text: string): Value[] | null {
  try {
    return JSON.parse(`[${text}]`) as Value[];
  } catch {
    return null;
  }
}

function hasKey<K extends string>(
  value: Value | undefined,
  key: K,
): value is { [key: string]: Value } & Record<K, Value> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && key in value;
}
