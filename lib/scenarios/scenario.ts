// What a part of the kernel says about itself so that it can be operated: machines to start with, commands, one operation.
// Theory: configuration, operations and states are plain JSON and everything is deterministic. So a link, a lesson's figure and a
//         test are the same thing, namely a configuration and lines of commands; undo is a cursor, and any picture can be drawn
//         from its state alone.
import type { SimEvent } from "@/lib/sim/events";
import type { Rng } from "@/lib/sim/rng";
import type { PartName } from "./names";

/** An operation: its command's name in `op`, its parameters beside it. */
export interface AnyOp {
  readonly op: string;
}

/** What the operation returned: a page number, an address, -errno, null for "no memory". Shown in the log. */
export type Result = number | string | null;

export type Parameter = NumberParameter | ChoiceParameter;

export interface NumberParameter {
  readonly kind: "number";
  readonly least: number;
  readonly most: number;
  /** Written and suggested as 0x…; both notations are read. */
  readonly hex?: true;
  /** Left out by the reader, it takes this value. Only the last parameters may have one. */
  readonly default?: number;
}

export interface ChoiceParameter {
  readonly kind: "choice";
  readonly options: readonly string[];
  readonly default?: string;
}

/** Parameters in the order in which they are typed. */
export type Parameters<Op extends AnyOp> = { readonly [P in Exclude<keyof Op, "op">]: Parameter };

/** One entry for each operation of the union: `{ alloc: { gfp: …, order: … }, free: { page: … } }`. */
export type Commands<Op extends AnyOp> = { readonly [N in Op["op"]]: Parameters<Extract<Op, { op: N }>> };

/** Why nothing was done: a sentence of the part's words (`refuse…`) and its values. */
export interface Refusal {
  readonly key: string;
  readonly args: Readonly<Record<string, string | number>>;
}

export interface Preset<Config> {
  /** `preset-<name>` in the part's words. */
  readonly name: string;
  readonly config: Config;
  /** Command lines. */
  readonly ops: readonly string[];
}

export interface Scenario<Config, Op extends AnyOp, Machine, State> {
  readonly name: PartName;
  /** The first is what the playground opens with. */
  readonly presets: readonly Preset<Config>[];
  readonly commands: Commands<Op>;
  /** Operations in one session; fewer when states are large. Default 300. */
  readonly mostOps?: number;
  /** The configuration if it is one that a page can show; null otherwise. A stranger may have written it. */
  readConfig(data: unknown): Config | null;
  boot(config: Config): Machine;
  /** Where the machine appends its events; null stops recording. */
  record(machine: Machine, events: SimEvent[] | null): void;
  /** Null if the operation may be executed. What the kernel answers with an error code is executed, not refused. */
  refuse(machine: Machine, op: Op): Refusal | null;
  /** @throws KernelBug as the kernel would stop; the session then tells the bug and drops the operation. */
  apply(machine: Machine, op: Op): Result;
  /** Plain JSON, a few KB: several are kept for every operation. May be asked in the middle of an operation; never throws. */
  observe(machine: Machine): State;
  /** Whether a step of this operation ends right after this event; the picture is observed at that moment. */
  endsMoment(event: SimEvent, op: Op): boolean;
  /** Likely values of a parameter, best first: blocks in use, addresses that are mapped. */
  suggest(state: State, op: Op["op"], parameter: string): readonly (string | number)[];
  /** One operation of a random workload, legal in this state. */
  random(state: State, rng: Rng): Op;
}

export function defineScenario<Config, Op extends AnyOp, Machine, State>(
  scenario: Scenario<Config, Op, Machine, State>,
): Scenario<Config, Op, Machine, State> {
  return scenario;
}

/** A scenario whose types nobody needs to know: every `Scenario<…>` is one. */
export type AnyScenario = Scenario<unknown, AnyOp, unknown, unknown>;
