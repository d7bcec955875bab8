// A guest: the learner's functions over one machine, as the simulator calls them.
// Theory: the machine's memory is a block inside the engine's own memory, seen by the guest as an ArrayBuffer and by the host as
//         a window: both change the same bytes, nothing is copied. A call writes its numbers into ready-made cells, runs on fuel,
//         and its result counts only if it is what the contract allows.
import type { Memory } from "@/lib/sim/memory";
import type { FunctionContract, HostFunctions, Implementation, Value } from "@/lib/slots/slot";
import type { Boot } from "./engine";
import { failureOf, GuestError } from "./guest-error";
import { answerHostCall, type HostCalls, withReserve } from "./guest-host";
import { GuestMachine } from "./guest-machine";
import { type Stop, stopError, thrownError, trapError, unreadableError } from "./guest-outcome";
import { type Reader, readResult } from "./guest-value";
import type { Instance } from "./instance";
import { limits } from "./limits";
import { tags } from "./quickjs";

export interface Guest extends Implementation {
  /** The machine's bytes inside the engine; null for a slot of values only. */
  readonly memory: Memory | null;
  /** What the guest printed, capped. */
  readonly output: { readonly text: string; readonly totalChars: number };
  fuelUsed(): number;
  /** What the kernel library's host calls reach from now on. */
  setHost(host: HostFunctions): void;
}

/** Addresses of what the sandbox compiled: functions not yet called. */
export interface Prepared {
  readonly kernel: number;
  readonly bindings: readonly number[];
  readonly learner: number;
}

export interface GuestFacts {
  readonly instance: Instance;
  readonly boot: Boot;
  readonly prepared: Prepared;
  readonly functions: readonly FunctionContract[];
  readonly memoryBytes: number;
  readonly host: HostFunctions;
  readonly fuel: number;
  readonly seed: number;
  /** The learner's module, for places in it. */
  readonly source: string;
}

interface Callable {
  readonly contract: FunctionContract;
  /** Address of the adapter in the guest. */
  readonly fn: number;
}

const valueBytes = 8;
const maxParams = 8;

export class SandboxGuest implements Guest {
  readonly output = { text: "", totalChars: 0 };
  /** A trap leaves the instance in no defined state: this guest is not called again, and its instance goes. */
  trapped = false;
  private readonly facts: GuestFacts;
  private readonly callables = new Map<string, Callable>();
  private readonly hostCalls: HostCalls;
  private readonly reader: Reader;
  private stopped: Stop | null = null;
  /** Fuel below which the guest is interrupted: the reserve, or less while one of its errors is being read. */
  private floor: number = limits.fuelReserve;
  /** What a trapped guest throws. */
  private ending: unknown = null;
  private remainingAtEnd: number | null = null;
  private machine: GuestMachine | null = null;
  /** Ready-made argument values, and the list of their addresses that every call takes. */
  private cells = 0;
  private list = 0;

  constructor(facts: GuestFacts) {
    this.facts = facts;
    this.hostCalls = { functions: facts.host, names: [], output: this.output, error: null };
    this.reader = { instance: facts.instance, boot: facts.boot, run: (fn, values) => this.run(fn, values) };
    facts.instance.engine.__fuel.value = BigInt(facts.fuel + limits.fuelReserve);
  }

  get memory(): Memory | null {
    return this.machine?.memory ?? null;
  }

  setHost(host: HostFunctions): void {
    this.hostCalls.functions = host;
    const names = Object.keys(host);
    if (names.length === 0) return;
    this.hostCalls.names.push(...names);
    this.guarded(() => this.run(this.facts.boot.realm.offer, [this.newValue(names)]));
  }

  has(name: string): boolean {
    return this.callables.has(name);
  }

  fuelUsed(): number {
    const remaining = this.remainingAtEnd ?? Number(this.facts.instance.engine.__fuel.value);
    return Math.min(this.facts.fuel, Math.max(0, this.facts.fuel + limits.fuelReserve - remaining));
  }

  /** The instance goes to another guest: only the figures of this one stay readable. */
  end(): void {
    this.remainingAtEnd ??= Number(this.facts.instance.engine.__fuel.value);
  }

  /** Polled by the engine every 10,000 jumps. */
  shouldInterrupt(): boolean {
    if (Number(this.facts.instance.engine.__fuel.value) < this.floor) this.stopped ??= "step_limit";
    return this.stopped !== null;
  }

  /** The guest calls out: console output, or a host function of the kernel library. */
  callFunction(_context: number, count: number, values: number, id: number): number {
    this.checkMemoryInside();
    const result = answerHostCall(this.facts, this.hostCalls, id, count, values);
    if (this.output.totalChars > limits.outputChars) this.stopped ??= "output_limit";
    return result;
  }

  /** Makes the machine's memory, runs the learner's module and binds its functions. @throws GuestError */
  load(): void {
    this.guarded(() => this.loadModule());
  }

  private loadModule(): void {
    const { instance, boot, prepared, functions, memoryBytes, seed } = this.facts;
    const { engine } = instance;
    const { realm, context } = boot;
    this.cells = engine.malloc(valueBytes * maxParams);
    this.list = engine.malloc(4 * maxParams);
    const { i32 } = instance.views();
    for (let i = 0; i < maxParams; i++) i32[(this.list >> 2) + i] = this.cells + valueBytes * i;

    this.run(realm.seed, [engine.QTS_NewFloat64(context, seed | 0)]);
    this.machine = new GuestMachine(instance, boot, memoryBytes);
    const views = this.run(realm.adopt, [prepared.kernel, this.machine.buffer]);
    this.setHost(this.facts.host);
    const exports = this.run(realm.load, [prepared.learner]);
    functions.forEach((contract, i) => {
      const fn = this.exported(exports, contract);
      this.callables.set(contract.name, { contract, fn: this.run(prepared.bindings[i]!, [fn, views]) });
    });
    this.machine?.check();
  }

  call(name: string, args: readonly Value[]): Value {
    const callable = this.callables.get(name);
    if (callable === undefined) throw new Error(`the guest was opened without ${name}`);
    if (this.remainingAtEnd !== null) throw new Error("this guest has ended: its sandbox has opened another one");
    return this.guarded(() => {
      const { instance, boot } = this.facts;
      const owned = this.writeArguments(args);
      const result = this.enter(callable.fn, args.length, this.list);
      for (const value of owned) instance.engine.QTS_FreeValuePointer(boot.context, value);
      const value = readResult(this.reader, callable.contract, result);
      instance.engine.QTS_FreeValuePointer(boot.context, result);
      this.machine?.check();
      return value;
    });
  }

  /**
   * Everything the host does in the engine on a guest's behalf runs inside this: a guest that has used up its fuel or memory makes
   * any such step fail, not only its own calls. @throws GuestError for whatever the guest does wrong, or what a host function threw.
   */
  private guarded<T>(act: () => T): T {
    if (this.trapped) throw this.ending;
    try {
      return act();
    } catch (error) {
      throw this.failed(error);
    } finally {
      this.machine?.follow();
    }
  }

  private failed(error: unknown): unknown {
    if (error instanceof GuestError && this.hostCalls.error === null) return error;
    if (!this.trapped) this.ending = this.hostCalls.error ?? trapError(this.facts.instance, error, this.stopped);
    this.trapped = true;
    return this.ending;
  }

  /** In the middle of a call: a host function must not work on memory that has moved or is no longer the machine's. */
  private checkMemoryInside(): void {
    try {
      this.machine?.check();
    } catch (error) {
      if (error instanceof GuestError) this.hostCalls.error ??= error;
      throw error;
    }
  }

  private exported(exports: number, { name, params }: FunctionContract): number {
    const { instance, boot } = this.facts;
    const fn = this.run(boot.realm.member, [exports, instance.newString(boot.context, name)]);
    const arity = this.run(boot.realm.arity, [fn]);
    const count = instance.tagOf(arity) === tags.int ? instance.intOf(arity) : -1;
    const list = params.map((param) => param.name).join(", ");
    if (count === -1)
      throw new GuestError("runtime_error", failureOf({ key: "guest.missingExport", args: { name, list } }));
    if (count !== params.length) {
      const args = { name, list, expected: params.length, actual: count };
      throw new GuestError("runtime_error", failureOf({ key: "guest.wrongArity", args }));
    }
    return fn;
  }

  /** Fills the cells; returns the values that have to be freed after the call. */
  private writeArguments(args: readonly Value[]): number[] {
    const { instance } = this.facts;
    const { i32 } = instance.views();
    const owned: number[] = [];
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!;
      const cell = this.cells + valueBytes * i;
      let at = cell;
      if (typeof arg === "number" && (arg | 0) === arg) {
        i32[cell >> 2] = arg;
        i32[(cell >> 2) + 1] = tags.int;
      } else if (typeof arg === "boolean") {
        i32[cell >> 2] = arg ? 1 : 0;
        i32[(cell >> 2) + 1] = tags.bool;
      } else {
        at = this.newValue(arg);
        owned.push(at);
      }
      instance.views().i32[(this.list >> 2) + i] = at;
    }
    return owned;
  }

  private newValue(value: Value): number {
    const { instance, boot } = this.facts;
    if (typeof value === "number") return instance.engine.QTS_NewFloat64(boot.context, value);
    return this.run(boot.realm.parse, [instance.newString(boot.context, JSON.stringify(value))]);
  }

  /** Calls a function of the realm or an adapter with values; the list is made for this call. */
  private run(fn: number, values: readonly number[]): number {
    const { instance } = this.facts;
    const list = instance.allocate(4 * Math.max(1, values.length));
    instance.views().i32.set(values, list >> 2);
    const result = this.enter(fn, values.length, list);
    instance.engine.free(list);
    return result;
  }

  /** The one way in. */
  private enter(fn: number, count: number, list: number): number {
    const { instance, boot } = this.facts;
    const result = instance.engine.QTS_Call(boot.context, fn, instance.engine.QTS_GetUndefined(), count, list);
    if (instance.tagOf(result) === tags.exception) throw this.describe(result);
    if (this.stopped !== null) throw stopError(this.stopped);
    return result;
  }

  /** Reads what was thrown on a small budget of its own: its getters are the guest's code. */
  private describe(result: number): GuestError {
    const { instance, boot } = this.facts;
    const { engine } = instance;
    const { stopped, floor } = this;
    const remaining = Number(engine.__fuel.value);
    const lent = Math.min(remaining, 2 * limits.describeFuel);
    this.stopped = null;
    this.floor = lent - limits.describeFuel;
    engine.__fuel.value = BigInt(lent);
    try {
      return withReserve(this.facts, () =>
        thrownError(this.facts, engine.QTS_ResolveException(boot.context, result), stopped),
      );
    } catch (error) {
      this.trapped = true;
      this.ending = this.hostCalls.error ?? unreadableError(instance, error, stopped);
      throw this.ending;
    } finally {
      engine.__fuel.value = BigInt(remaining - lent) + engine.__fuel.value;
      // A slot may go on after an exception, as the kernel's caller does after a refused request.
      this.stopped = stopped;
      this.floor = floor;
    }
  }
}
