// Calls out of the guest: console output, and the host functions that the kernel library offers.
// Theory: a host function is the simulator's own code, so it gets nothing but numbers; what it refuses as the kernel would (a
//         KernelBug) goes back as an exception of the guest, and anything else is our failure, kept until the guest has been left.
import { KernelBug } from "@/lib/sim/kernel-bug";
import type { HostFunctions } from "@/lib/slots/slot";
import { type Boot, hostIds } from "./engine";
import { readString } from "./guest-error";
import type { Instance } from "./instance";
import { limits } from "./limits";
import { tags } from "./quickjs";

export interface HostCalls {
  functions: HostFunctions;
  readonly output: { text: string; totalChars: number };
  /** What a host function threw that is no KernelBug. */
  error: unknown;
}

const valueBytes = 8;

/** Returns an owned value of the guest, or 0 for undefined. */
export function answerHostCall(
  facts: { instance: Instance; boot: Boot },
  calls: HostCalls,
  id: number,
  count: number,
  values: number,
): number {
  const { instance, boot } = facts;
  try {
    if (id === hostIds.print) {
      if (count === 2) print(instance, boot.context, calls.output, values);
      return 0;
    }
    const result = callHost(instance, boot.context, calls.functions, count, values);
    return instance.engine.QTS_NewFloat64(boot.context, result);
  } catch (error) {
    if (!(error instanceof KernelBug) && !(error instanceof RefusedCall)) {
      calls.error ??= error;
      throw error;
    }
    const message = instance.newString(boot.context, error.message);
    const bug = instance.call(boot.context, boot.realm.bug, [message]);
    return instance.engine.QTS_Throw(boot.context, bug);
  }
}

/** The guest asked for something that it cannot have. */
class RefusedCall extends Error {}

/** `(text, chars)`: the realm has cut the text if it was longer than all that may be kept. */
function print(instance: Instance, context: number, output: HostCalls["output"], values: number): void {
  const room = limits.outputChars - output.text.length;
  if (room > 0) output.text += readString(instance, context, values, limits.outputChars).slice(0, room);
  output.totalChars += instance.intOf(values + valueBytes);
}

function callHost(instance: Instance, context: number, host: HostFunctions, count: number, values: number): number {
  const name = count > 0 && isString(instance.tagOf(values)) ? readString(instance, context, values, 100) : "";
  const fn = Object.hasOwn(host, name) ? host[name] : undefined;
  if (fn === undefined) throw new RefusedCall(`${name} cannot be called in this exercise`);
  if (count - 1 > limits.hostArguments) throw new RefusedCall(`${name} was given ${count - 1} arguments`);
  const args: number[] = [];
  for (let at = values + valueBytes; at < values + valueBytes * count; at += valueBytes) {
    const tag = instance.tagOf(at);
    if (tag === tags.int || tag === tags.bool) args.push(instance.intOf(at));
    else throw new RefusedCall(`${name} takes whole numbers`);
  }
  return fn(...args);
}

function isString(tag: number): boolean {
  return tag === tags.string || tag === tags.stringRope;
}
