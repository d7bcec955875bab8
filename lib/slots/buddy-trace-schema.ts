// What a file or a request may hold as a buddy trace. Apart from buddy-trace.ts, so that pages import the types without zod.
import { z } from "zod";
import type { BuddyOp } from "./buddy-trace";

/** As in Linux 2.6.11: orders 0 to 10. */
const order = z.number().int().min(0).max(10);
const id = z.string().regex(/^[a-z][a-z0-9]{0,7}$/, "a block is named by up to 8 lower-case letters and digits");

export const allocOpSchema = z.strictObject({ op: z.literal("alloc"), order, id, cold: z.boolean().optional() });
export const freeOpSchema = z.strictObject({ op: z.literal("free"), id, cold: z.boolean().optional() });
export const buddyOpSchema: z.ZodType<BuddyOp> = z.discriminatedUnion("op", [allocOpSchema, freeOpSchema]);
