// Calls out of the guest: console output, and the host functions that the kernel library offers.
// Theory: a host function is the simulator's own code, so it gets nothing but numbers; what it refuses as the kernel would (a
//         KernelBug) goes back as an exception of the guest. Anything else that it throws is our failure, kept until the guest has
//         been left; what fails on the way to it or back is the guest's, which has used up its fuel or memory.
import { KernelBug } from "@/lib/sim/kernel-bug";
import type { HostFunctions } from "@/lib/slots/slot";
import { type Boot, hostIds } from "./engine";
import { readString } from "./guest-error";
import type { Instance } from "./instance";
import { limits } from "./limits";
import { tags } from "./quickjs";

export interface HostCalls {
  functions: HostFunctions;
  /** The names offered so far; the guest calls a function by its place here. */
  readonly names: string[];
  readonly output: { text: string; totalChars: number };
  /** What a host function threw that is no KernelBug. */
  error: unknown;
}

interface Where {
  readonly instance: Instance;
  readonly boot: Boot;
}

const valueBytes = 8;

/** Returns an owned value of the guest, or 0 for undefined. */
export function answerHostCall(where: Where, calls: HostCalls, id: number, count: number, values: number): number {
  const { instance, boot } = where;
  if (id === hostIds.print) {
    if (count === 2) withReserve(where, () => print(instance, boot.context, calls.output, values));
    return 0;
  }
  const request = readRequest(instance, calls, count, values);
  if (typeof request === "string") return throwBug(where, request);
  let result: number;
  try {
    result = request.fn(...request.args);
  } catch (error) {
    if (error instanceof KernelBug) return throwBug(where, error.message);
    calls.error ??= error;
    throw error;
  }
  return instance.engine.QTS_NewFloat64(boot.context, result);
}

/** Lets the host make values of its own although the guest may have left no memory. After a throw the guest is not used again. */
export function withReserve<T>({ instance, boot }: Where, act: () => T): T {
  instance.engine.QTS_RuntimeSetMemoryLimit(boot.runtime, limits.heapBytes + limits.hostReserveBytes);
  const result = act();
  instance.engine.QTS_RuntimeSetMemoryLimit(boot.runtime, limits.heapBytes);
  return result;
}

/** `(text, chars)`: the realm has cut the text if it was longer than all that may be kept. */
function print(instance: Instance, context: number, output: HostCalls["output"], values: number): void {
  const room = limits.outputChars - output.text.length;
  if (room > 0) output.text += readString(instance, context, values, limits.outputChars).slice(0, room);
  output.totalChars += instance.intOf(values + valueBytes);
}

/** What is to be called with which numbers, or why it cannot be. */
function readRequest(
  instance: Instance,
  { functions, names }: HostCalls,
  count: number,
  values: number,
): { fn: HostFunctions[string]; args: number[] } | string {
  const name = names[count > 0 ? instance.intOf(values) : -1] ?? "";
  const fn = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (fn === undefined) return `${name} cannot be called in this exercise`;
  if (count - 1 > limits.hostArguments) return `${name} was given ${count - 1} arguments`;
  const args: number[] = [];
  for (let at = values + valueBytes; at < values + valueBytes * count; at += valueBytes) {
    const tag = instance.tagOf(at);
    if (tag !== tags.int && tag !== tags.bool) return `${name} takes whole numbers`;
    args.push(instance.intOf(at));
  }
  return { fn, args };
}

/** Making an Error may run the learner's code (setters on prototypes): if that throws, its exception goes on instead. */
function throwBug(where: Where, message: string): number {
  const { instance, boot } = where;
  return withReserve(where, () => {
    const { engine } = instance;
    const list = instance.allocate(4);
    const text = instance.newString(boot.context, message);
    instance.views().i32[list >> 2] = text;
    const bug = engine.QTS_Call(boot.context, boot.realm.bug, engine.QTS_GetUndefined(), 1, list);
    engine.free(list);
    return instance.tagOf(bug) === tags.exception ? bug : engine.QTS_Throw(boot.context, bug);
  });
}
