// From an engine that has stopped to a sentence for the learner: which limit was met, or what was thrown and where.
import type { Message } from "@/lib/slots/slot";
import type { Boot } from "./engine";
import { failureOf, GuestError, placeInStack, placeOfStop, readThrown } from "./guest-error";
import { EngineTrap, type Instance } from "./instance";
import { limits } from "./limits";
import { EngineFault, tags } from "./quickjs";

export type Stop = "step_limit" | "memory_limit" | "output_limit";

/** The learner was stopped at a limit; the stack trace, if there is one, says where in the source. */
export function stopError(status: Stop, stack = "", source = ""): GuestError {
  const messages = {
    step_limit: { key: "guest.steps", args: {} },
    memory_limit: { key: "guest.memory", args: { limit: limits.heapBytes / 1024 / 1024 } },
    output_limit: { key: "guest.output", args: { limit: limits.outputChars } },
  };
  return new GuestError(status, failureOf(messages[status], placeOfStop(stack, source)));
}

/**
 * The engine left by a trap, or the host unable to work in it, while a guest runs: whatever it is, the guest has brought it about.
 * Only what is no error of the engine at all is given back as it is.
 */
export function trapError(instance: Instance, error: unknown, stopped: Stop | null): unknown {
  const { engine } = instance;
  if (engine.__fuel.value < 0n) return stopError(stopped ?? "step_limit");
  if (error instanceof RangeError || engine.__depth.value > limits.wasmDepth) return tooDeep("");
  if (error instanceof EngineTrap) return stopError(stopped ?? "memory_limit");
  if (error instanceof WebAssembly.RuntimeError || error instanceof EngineFault) {
    // With no memory left the engine hands out nothing, and whoever uses that falls.
    if (usedAllMemory(instance)) return stopError(stopped ?? "memory_limit");
    return new GuestError("runtime_error", failureOf({ key: "guest.engine", args: {} }));
  }
  return error;
}

/** The guest threw `value`, which is read as far as it can be. */
export function thrownError(
  { instance, boot, source }: { instance: Instance; boot: Boot; source: string },
  value: number,
  stopped: Stop | null,
): GuestError {
  const { name, text, stack } = readThrown(instance, boot.context, value);
  if (stopped !== null) return stopError(stopped, stack, source);
  // The engine throws null where it lacks the memory even for an error.
  if (instance.tagOf(value) === tags.null && usedAllMemory(instance)) return stopError("memory_limit");
  if (name === "InternalError" && /out of memory/.test(text)) return stopError("memory_limit", stack);
  if (name === "InternalError" && /stack overflow/.test(text)) return tooDeep(stack);
  const message: Message =
    name === "" ? { key: "guest.threwValue", args: { text } } : { key: "guest.threw", args: { name, text } };
  const raw = name === "" ? text : `${name}: ${text}`;
  return new GuestError("runtime_error", failureOf(message, { raw, ...placeInStack(stack) }), name);
}

/** All the memory there may be was needed once. Some of it may be free again by now, but memory is never given back. */
function usedAllMemory(instance: Instance): boolean {
  return instance.memory.buffer.byteLength >= limits.heapBytes;
}

function tooDeep(stack: string): GuestError {
  return new GuestError("runtime_error", failureOf({ key: "guest.stack", args: {} }, placeInStack(stack)));
}

/** Reading what was thrown did not come to an end. */
export function unreadableError(instance: Instance, error: unknown, stopped: Stop | null): unknown {
  const why = trapError(instance, error, stopped);
  if (!(why instanceof GuestError)) return why;
  if (stopped !== null) return stopError(stopped);
  return new GuestError("runtime_error", failureOf({ key: "guest.threwUnreadable", args: {} }));
}
