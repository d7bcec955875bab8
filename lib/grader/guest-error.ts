// What can go wrong while the learner's code runs, as data for the verdict, and how an error of the guest is read without trusting it.
// Theory: an error is an object of the guest: its properties may be getters that loop, throw or answer with 100 MB. Every read
//         runs on a small budget of its own, is checked for its type and length, and failing to read it is no failure.
import type { Message } from "@/lib/slots/slot";
import type { Instance } from "./instance";
import { limits } from "./limits";
import { tags } from "./quickjs";
import type { Failure } from "./verdict";

export type GuestStatus =
  | "compile_error"
  | "runtime_error"
  | "step_limit"
  | "memory_limit"
  | "output_limit"
  | "bad_return"
  | "detached";

/** The learner's code failed; `failure` says how, in a form that a verdict can carry. */
export class GuestError extends Error {
  readonly status: GuestStatus;
  readonly failure: Failure;
  /** Name of what the guest threw, e.g. `KernelBug`; null if it threw nothing. */
  readonly thrown: string | null;

  constructor(status: GuestStatus, failure: Failure, thrown: string | null = null) {
    super(`${status}: ${failure.message.key} ${failure.raw ?? ""}`.trim());
    this.name = "GuestError";
    this.status = status;
    this.failure = failure;
    this.thrown = thrown;
  }
}

export function failureOf(message: Message, rest: Partial<Omit<Failure, "message">> = {}): Failure {
  return { message, raw: null, place: null, functionName: null, ...rest };
}

/** The learner's file as stack traces name it. */
export const learnerFile = "student.ts";

/** What stands before the learner's first character on line 1. */
export const modulePrefix = '(function (require, module, exports) { "use strict";';
export const moduleSuffix = "\n})";
/** As long as the prefix, so that a column is the same in both. */
export const modulePrefixAlone = '"use strict";'.padStart(modulePrefix.length);

interface Thrown {
  readonly name: string;
  readonly text: string;
  readonly stack: string;
}

/** Reads an error value bounded; `budget` has been granted by the caller. */
export function readThrown(instance: Instance, context: number, value: number): Thrown {
  const tag = instance.tagOf(value);
  if (tag !== tags.object) return { name: "", text: readPlain(instance, context, value, tag), stack: "" };
  const read = (name: string, most: number) => readProperty(instance, context, value, name, most);
  return {
    name: read("name", 100) ?? "Error",
    text: read("message", limits.errorChars) ?? "",
    stack: read("stack", limits.stackTraceChars) ?? "",
  };
}

function readPlain(instance: Instance, context: number, value: number, tag: number): string {
  if (tag === tags.null) return "null";
  if (tag === tags.undefined) return "undefined";
  if (tag === tags.bool) return instance.intOf(value) === 0 ? "false" : "true";
  if (tag === tags.int) return String(instance.intOf(value));
  if (tag === tags.string || tag === tags.stringRope) return readString(instance, context, value, limits.errorChars);
  return "a value";
}

/** Null if the property is no string or cannot be read. */
function readProperty(instance: Instance, context: number, value: number, name: string, most: number): string | null {
  const { engine } = instance;
  const key = instance.newString(context, name);
  const found = engine.QTS_GetProp(context, value, key);
  engine.QTS_FreeValuePointer(context, key);
  const tag = instance.tagOf(found);
  if (tag === tags.exception) engine.QTS_ResolveException(context, found);
  const text = tag === tags.string || tag === tags.stringRope ? readString(instance, context, found, most) : null;
  engine.QTS_FreeValuePointer(context, found);
  return text;
}

/** A string value, at most `most` characters of it; one too long to be copied is only described. */
export function readString(instance: Instance, context: number, value: number, most: number): string {
  const { engine } = instance;
  const key = instance.newString(context, "length");
  const length = engine.QTS_GetProp(context, value, key);
  engine.QTS_FreeValuePointer(context, key);
  const chars = instance.tagOf(length) === tags.int ? instance.intOf(length) : Number.POSITIVE_INFINITY;
  if (chars > limits.outputChars) return `(${chars} characters)`;
  const pointer = engine.QTS_GetString(context, value);
  const text = pointer === 0 ? "" : instance.readText(pointer);
  if (pointer !== 0) engine.QTS_FreeCString(context, pointer);
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/**
 * Where a guest was stopped at a jump. The engine knows places only of instructions that can throw; in a function that has run none
 * it names the function's head, which would be a false line.
 */
export function placeOfStop(stack: string, source: string): Pick<Failure, "place" | "functionName"> {
  const { place, functionName } = placeInStack(stack);
  const text = place?.column ? (source.split("\n")[place.line - 1] ?? "").slice(place.column - 1) : "";
  return { place: functionHead.test(text) ? null : place, functionName };
}
const functionHead = /^(async\s+)?(function\b|(\([^()]*\)|[\w$]+)\s*=>|[\w$#]+\s*\([^()]*\)\s*\{)/;

/** The first place in the learner's file that a stack trace names, and the function it lies in. */
export function placeInStack(stack: string): Pick<Failure, "place" | "functionName"> {
  for (const line of stack.split("\n")) {
    const match = /^\s*at (?:(.{1,100}) )?\(?student\.ts(?::(\d{1,6}))?(?::(\d{1,6}))?\)?$/.exec(line);
    if (match === null) continue;
    const [, functionName, lineText, columnText] = match;
    const lineNumber = Number(lineText ?? 0);
    const column = columnText === undefined ? null : Number(columnText);
    // A stack is a text that the learner's code can write.
    if (lineNumber < 1 || column === 0) continue;
    return {
      place: { line: lineNumber, column: column === null ? null : learnerColumn(lineNumber, column) },
      functionName: functionName === undefined || /^<.*>$/.test(functionName) ? null : functionName,
    };
  }
  return { place: null, functionName: null };
}

function learnerColumn(line: number, column: number): number {
  return line === 1 ? Math.max(1, column - modulePrefix.length) : column;
}
