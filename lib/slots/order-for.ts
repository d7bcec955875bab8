// Slot Y2: the order for a number of bytes, and what rounding up to a power of two wastes.
// Source: Linux 2.6.11 asm-i386/page.h (get_order); Gorman 6.5
import { z } from "zod";
import { PAGE_SIZE } from "@/lib/sim/constants";
import { internalWaste, orderFor as referenceOrderFor } from "@/lib/sim/order";
import type { Message, Value } from "./slot";
import { type CallOp, valueSlot } from "./value-slot";

const generatorSchema = z.strictObject({
  call: z.enum(["orderFor", "internalWaste"]),
  max: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31),
  /** How many of 100 sizes lie at a power of two, or one unit beside it. */
  edgePercent: z.number().int().min(0).max(100).default(30),
});

export const orderFor = valueSlot({
  id: "order-for",
  functions: [
    { name: "orderFor", params: [{ name: "bytes", type: "number" }], returns: "number?" },
    { name: "internalWaste", params: [{ name: "units", type: "number" }], returns: "value" },
  ],
  reference: {
    orderFor: referenceOrderFor,
    internalWaste: (units: number) => ({ ...internalWaste(units) }),
  },
  generatorSchema: generatorSchema as unknown as z.ZodType<Value>,
  generate: (rng, value) => {
    const { call, max, edgePercent } = generatorSchema.parse(value);
    const bits = Math.floor(Math.log2(max));
    const edge = 2 ** rng.below(bits + 1) + rng.below(3) - 1;
    // Sizes of every magnitude are equally likely.
    const any = Math.floor(2 ** rng.below(bits + 1) * (1 + rng.below(1024) / 1024));
    return { call, args: [Math.min(max, rng.chance(edgePercent) ? edge : any)] };
  },
  explain: explainOrder,
});

function explainOrder({ call, args }: CallOp, expected: Value, actual: Value): Message | null {
  const [amount] = args;
  if (typeof amount !== "number") return null;
  if (call === "internalWaste") return explainWaste(amount, expected, actual);
  const facts = { bytes: amount, expected: String(expected), actual: String(actual) };
  if (expected === null) return { key: "rule.orderTooLarge", args: facts };
  if (actual === null) return { key: "rule.orderMustExist", args: facts };
  if (typeof expected !== "number" || typeof actual !== "number") return null;
  const sizes = { ...facts, blockBytes: PAGE_SIZE * 2 ** expected, blockPages: 2 ** expected };
  return { key: actual > expected ? "rule.orderTooBig" : "rule.orderTooSmall", args: sizes };
}

function explainWaste(units: number, expected: Value, actual: Value): Message | null {
  const [want, have] = [asWaste(expected), asWaste(actual)];
  if (!want || !have) return null;
  const facts = { units, block: want.block, waste: want.waste, percent: want.percent };
  if (have.block !== want.block) return { key: "rule.wasteBlock", args: { ...facts, actual: String(have.block) } };
  if (have.waste !== want.waste) return { key: "rule.wasteUnits", args: { ...facts, actual: String(have.waste) } };
  return { key: "rule.wastePercent", args: { ...facts, actual: String(have.percent) } };
}

function asWaste(value: Value): { block: number; waste: number; percent: number } | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const { block, waste, percent } = value;
  return typeof block === "number" && typeof waste === "number" && typeof percent === "number"
    ? { block, waste, percent }
    : null;
}
