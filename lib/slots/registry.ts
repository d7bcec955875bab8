// Every slot by its id. An exercise names its slot; the generic one takes its function from the exercise.
import { buddyCheck } from "./buddy-check";
import { buddyExpand } from "./buddy-expand";
import { buddyFree } from "./buddy-free";
import { buddyIndex } from "./buddy-index";
import { buddyPcp } from "./buddy-pcp";
import { type FunctionShape, functionSlot } from "./function";
import { orderFor } from "./order-for";
import { predict } from "./predict";
import type { Slot, Value } from "./slot";

/** A slot whose configurations and operations have been checked against its own schemas. */
export type AnySlot = Slot<Value, Value>;

const known = [buddyIndex, orderFor, buddyExpand, buddyFree, buddyPcp, buddyCheck, predict];

export const slots: Readonly<Record<string, AnySlot>> = Object.fromEntries(
  known.map((slot) => [slot.id, slot as unknown as AnySlot]),
);

/** @throws Error if there is no such slot, or the `function` slot is given no function. */
export function slotFor(exercise: { readonly slot: string; readonly function?: FunctionShape | undefined }): AnySlot {
  if (exercise.slot === "function") {
    if (!exercise.function) throw new Error('slot "function": exercise.json must say which under "function"');
    return functionSlot(exercise.function) as unknown as AnySlot;
  }
  const slot = slots[exercise.slot];
  if (!slot)
    throw new Error(`there is no slot "${exercise.slot}"; known are ${[...Object.keys(slots), "function"].join(", ")}`);
  return slot;
}
