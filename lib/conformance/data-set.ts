// What conformance is made of: a data set is a file of cases with expected answers; an adapter runs one case on the simulator.

/** JSON as it comes from a file that we did not write: every read of it is checked. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Difference {
  /** Where in the case: `op 17 alloc(order 1)`. */
  readonly at: string;
  readonly expected: Json;
  readonly actual: Json;
}

export interface CaseOutcome {
  /** How a reader finds the case in the file. */
  readonly name: string;
  /** Null: passed. */
  readonly difference: Difference | null;
  /** Why the case was not run at all: it counts neither as passed nor as failed. */
  readonly skipped?: string;
}

/** Text files that lie beside a data set (traces), unpacked if their name ends in .gz. @throws BadData if one cannot be read. */
export type Beside = (name: string) => string;

/** The cases of one file, run one after the other. @throws BadData if the file does not have the shape it should have. */
export type Adapter = (data: Json, beside: Beside) => Iterable<CaseOutcome>;

/** The file cannot be understood: neither a pass nor a failure. */
export class BadData extends Error {
  override readonly name = "BadData";
}

export function record(value: Json | undefined, where: string): { [key: string]: Json } {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new BadData(`${where}: expected an object`);
  return value;
}

export function list(value: Json | undefined, where: string): Json[] {
  if (!Array.isArray(value)) throw new BadData(`${where}: expected an array`);
  return value;
}

export function integer(value: Json | undefined, where: string): number {
  if (typeof value !== "number" || !Number.isInteger(value)) throw new BadData(`${where}: expected an integer`);
  return value;
}

/** An integer of [least, most]. */
export function integerIn(value: Json | undefined, [least, most]: readonly [number, number], where: string): number {
  const number = integer(value, where);
  if (number < least || number > most) throw new BadData(`${where}: ${number} is not in ${least}..${most}`);
  return number;
}

export function text(value: Json | undefined, where: string): string {
  if (typeof value !== "string") throw new BadData(`${where}: expected a string`);
  return value;
}

export function integers(value: Json | undefined, where: string): number[] {
  return list(value, where).map((item, index) => integer(item, `${where}[${index}]`));
}

export function sameJson(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
