// One submission's confinement: the learner's code in an engine instance of its own, with metered steps and bounded memory.
// Theory: the realm holds the learner's code, the kernel library and the bytes of its own machine, nothing of the grader's: no
//         trace, no reference, no verdict. The host calls one function at a time and believes only plain values. Code, library
//         and bindings are compiled once; every guest (one trace) starts from a copy of that memory, so that no trace can feel
//         what another one did, and the fuel of a trace does not depend on its neighbours.
// Runs in Node and in a browser's worker alike.
import type { FunctionContract, HostFunctions } from "@/lib/slots/slot";
import type { Engine } from "./engine";
import { type Guest, type Prepared, SandboxGuest } from "./guest";
import { bindingSource } from "./guest-binding";
import {
  failureOf,
  GuestError,
  learnerFile,
  modulePrefix,
  modulePrefixAlone,
  moduleSuffix,
  placeInStack,
  readThrown,
} from "./guest-error";
import { createInstance, type Image, type Instance } from "./instance";
import { type Limits, limits } from "./limits";
import { tags } from "./quickjs";

export interface SandboxOptions {
  /** JavaScript, as compile.ts gives it. */
  readonly source: string;
  readonly limits: Limits;
  /** Of the guest's Math.random; the same in every guest. */
  readonly seed: number;
}

export interface GuestOptions {
  readonly functions: readonly FunctionContract[];
  /** 0: no machine. */
  readonly memoryBytes: number;
  /** Source of the kernel library: an expression `(memory, host) => exports`; empty: none can be imported. */
  readonly kernel: string;
  readonly host?: HostFunctions;
  /** Fuel for this guest alone; never more than the sandbox has left. */
  readonly fuel?: number;
}

export interface Sandbox {
  /** A fresh world with the learner's module loaded; the guest opened before ends. @throws GuestError */
  guest(options: GuestOptions): Guest;
  /** Fuel used by all guests so far. */
  fuelUsed(): number;
}

/** A flag of the engine's evaluation: compile the text, run nothing of it. */
const compileOnly = 1 << 5;

/** Fuel for compiling the learner's 64 KiB; not counted, because it is not the learner's algorithm. */
const compileFuel = 400_000_000;

export function openSandbox(engine: Engine, options: SandboxOptions): Sandbox {
  let instance: Instance | null = null;
  let current: SandboxGuest | null = null;
  let prepared: { key: string; image: Image; values: Prepared } | null = null;
  let usedBefore = 0;
  const used = () => usedBefore + (current?.fuelUsed() ?? 0);

  const freshInstance = () =>
    createInstance(engine.module, {
      callFunction: (context, _self, count, values, id) => current?.callFunction(context, count, values, id) ?? 0,
      shouldInterrupt: () => current?.shouldInterrupt() ?? false,
    });

  const prepareFor = (fresh: Instance, guest: GuestOptions) => {
    const key = JSON.stringify([guest.kernel, guest.functions]);
    if (prepared?.key === key) {
      fresh.restore(prepared.image);
    } else {
      fresh.restore(engine.image);
      const values = prepare(engine, fresh, options.source, guest);
      prepared = { key, image: fresh.snapshot(), values };
    }
    return prepared.values;
  };

  return {
    fuelUsed: used,
    guest: (guest) => {
      usedBefore = used();
      current?.end();
      if (current?.trapped) instance = null;
      current = null;
      const fresh = instance ?? freshInstance();
      // Put back only once the code has compiled: a failure leaves the instance in no defined state.
      instance = null;
      const values = prepareFor(fresh, guest);
      instance = fresh;
      const left = Math.max(0, options.limits.fuel - usedBefore);
      current = new SandboxGuest({
        instance: fresh,
        boot: engine.boot,
        prepared: values,
        functions: guest.functions,
        memoryBytes: guest.memoryBytes,
        host: guest.host ?? {},
        fuel: Math.min(left, guest.fuel ?? left),
        seed: options.seed,
        source: options.source,
      });
      current.load();
      return current;
    },
  };
}

/** Compiles everything, runs nothing of the learner's. @throws GuestError compile_error */
function prepare(engine: Engine, instance: Instance, source: string, options: GuestOptions): Prepared {
  const { context } = engine.boot;
  instance.engine.__fuel.value = BigInt(compileFuel);
  const kernel = instance.evaluate(context, options.kernel === "" ? "(() => null)" : options.kernel, "kernel.js");
  const bindings = options.functions.map((contract) => instance.evaluate(context, bindingSource(contract), "call.js"));
  const learner = compileLearner(instance, context, source);
  return { kernel, bindings, learner };
}

/**
 * The learner's module as a function that has not been called. Its text alone must be a program first: what the engine's own
 * parser takes for one has no bracket or comment by which it could leave the function that is then put around it.
 */
function compileLearner(instance: Instance, context: number, source: string): number {
  const program = evaluateLearner(instance, context, modulePrefixAlone + source, compileOnly);
  instance.engine.QTS_FreeValuePointer(context, program);
  return evaluateLearner(instance, context, modulePrefix + source + moduleSuffix, 0);
}

/** @throws GuestError compile_error */
function evaluateLearner(instance: Instance, context: number, text: string, flags: number): number {
  const { engine } = instance;
  const code = instance.writeText(text);
  const file = instance.writeText(learnerFile);
  try {
    const value = engine.QTS_Eval(context, code.pointer, code.length, file.pointer, 0, flags);
    engine.free(code.pointer);
    engine.free(file.pointer);
    if (instance.tagOf(value) !== tags.exception) return value;
    throw syntaxError(readThrown(instance, context, engine.QTS_ResolveException(context, value)));
  } catch (error) {
    if (error instanceof GuestError) throw error;
    // The compiler met a limit: of steps, of nesting, or of memory.
    throw tooComplex();
  }
}

function syntaxError({ name, text, stack }: ReturnType<typeof readThrown>): GuestError {
  // Out of memory or stack: nothing is wrong with the grammar.
  if (name !== "SyntaxError") return tooComplex();
  const raw = `${name}: ${text}`.slice(0, limits.errorChars);
  const { place } = placeInStack(stack);
  return new GuestError("compile_error", failureOf({ key: "compile.syntax", args: { text } }, { raw, place }));
}

function tooComplex(): GuestError {
  return new GuestError("compile_error", failureOf({ key: "compile.tooComplex", args: {} }));
}
