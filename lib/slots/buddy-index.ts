// Slot Y1: which block is a block's buddy, and which block do both form.
// Source: Linux 2.6.11 mm/page_alloc.c (__free_pages_bulk: buddy_idx, page_idx &= buddy_idx)
import { z } from "zod";
import { buddyOf, parentOf } from "@/lib/sim/buddy";
import type { Message, Value } from "./slot";
import { type CallOp, kernelBug, valueSlot } from "./value-slot";

const params = [
  { name: "index", type: "number" },
  { name: "order", type: "number" },
] as const;

const generatorSchema = z.strictObject({
  maxOrder: z.number().int().min(0).max(10),
  /** Blocks are drawn below this page index. */
  maxIndex: z
    .number()
    .int()
    .min(1)
    .max(2 ** 32),
  /** How many of 100 indices are not aligned to their order. */
  misalignedPercent: z.number().int().min(0).max(100).default(0),
});

export const buddyIndex = valueSlot({
  id: "buddy-index",
  functions: [
    { name: "buddyOf", params, returns: "number" },
    { name: "parentOf", params, returns: "number" },
  ],
  reference: { buddyOf, parentOf },
  generatorSchema: generatorSchema as unknown as z.ZodType<Value>,
  generate: (rng, value) => {
    const { maxOrder, maxIndex, misalignedPercent } = generatorSchema.parse(value);
    const order = rng.below(maxOrder + 1);
    const size = 2 ** order;
    const aligned = rng.below(Math.max(1, Math.floor(maxIndex / size))) * size;
    const off = size > 1 && rng.chance(misalignedPercent) ? 1 + rng.below(size - 1) : 0;
    return { call: rng.pick(["buddyOf", "parentOf"]), args: [aligned + off, order] };
  },
  simplify: simplerCall,
  explain: explainIndex,
});

/** The first few blocks of the same and of smaller orders. */
function simplerCall({ call, args: [index, order] }: CallOp): CallOp[] {
  if (typeof index !== "number" || typeof order !== "number") return [];
  const orders = [...new Set([0, 1, order - 1, order])].filter((smaller) => smaller >= 0 && smaller <= order);
  const calls = orders.flatMap((smaller) =>
    [0, 1, 2, 3].map((n): CallOp => ({ call, args: [n * 2 ** smaller, smaller] })),
  );
  return calls.filter(({ args: [other, smaller] }) => Number(other) + Number(smaller) < index + order);
}

function explainIndex({ call, args }: CallOp, expected: Value, actual: Value): Message | null {
  const [index, order] = args;
  if (typeof index !== "number" || typeof order !== "number") return null;
  const size = 2 ** order;
  const facts = { index, order, size, expected: String(expected), actual: String(actual) };
  if (expected === kernelBug) return { key: "rule.indexMustBug", args: facts };
  if (actual === kernelBug) return { key: "rule.indexMustNotBug", args: facts };
  if (typeof actual !== "number") return null;
  if (actual === Number(expected) - 2 ** 32) return { key: "rule.indexSigned", args: facts };
  if (call === "buddyOf")
    return { key: actual === index + size ? "rule.indexAlwaysUpper" : "rule.indexBuddy", args: facts };
  return { key: "rule.indexParent", args: facts };
}
