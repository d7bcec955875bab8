// The generic slot: any pure function an author poses. The author's solution, run in the sandbox, knows the answers.
import { z } from "zod";
import type { Rng } from "@/lib/sim/rng";
import type { ParamType, ReturnType, Slot, Value } from "./slot";
import { type CallOp, valueSlot } from "./value-slot";

export interface FunctionShape {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: string }[];
  readonly returns: string;
}

/** How one argument is drawn. */
type Draw =
  | { readonly int: readonly [number, number] }
  | { readonly pick: readonly Value[] }
  | { readonly list: Draw; readonly length: readonly [number, number] };

const range = z
  .tuple([z.number().int(), z.number().int()])
  .refine(([low, high]) => low <= high, "a range is [low, high]");
const drawSchema: z.ZodType<Draw> = z.lazy(() =>
  z.union([
    z.strictObject({ int: range }),
    z.strictObject({ pick: z.array(z.json()).min(1) }),
    z.strictObject({ list: drawSchema, length: range }),
  ]),
) as z.ZodType<Draw>;

/** @throws if the shape names a type that cannot cross into the sandbox. */
export function functionSlot(shape: FunctionShape): Slot<Value, CallOp> {
  const params = shape.params.map(({ name, type }) => ({ name, type: paramType(type) }));
  return valueSlot({
    id: "function",
    functions: [{ name: shape.name, params, returns: returnType(shape.returns) }],
    generatorSchema: z.strictObject({ args: z.array(drawSchema).length(params.length) }) as unknown as z.ZodType<Value>,
    generate: (rng, value) => {
      const { args } = value as unknown as { args: Draw[] };
      return { call: shape.name, args: args.map((how) => draw(rng, how)) };
    },
    explain: () => null,
  });
}

function draw(rng: Rng, how: Draw): Value {
  if ("int" in how) return between(rng, how.int);
  if ("pick" in how) return rng.pick(how.pick);
  return Array.from({ length: between(rng, how.length) }, () => draw(rng, how.list));
}

function between(rng: Rng, [low, high]: readonly [number, number]): number {
  return low + rng.below(high - low + 1);
}

/** Lists and records of numbers go as plain values; pages and zones exist only in machine slots. */
function paramType(type: string): ParamType {
  if (type === "number" || type === "boolean") return type;
  if (type === "value" || type === "number[]") return "value";
  throw new Error(`function: "${type}" is not a parameter type; use number, boolean, number[] or value`);
}

function returnType(type: string): ReturnType {
  if (type === "number" || type === "number?" || type === "boolean") return type;
  if (type === "value" || type === "number[]") return "value";
  throw new Error(`function: "${type}" is not a return type; use number, number?, boolean, number[] or value`);
}
