import fc from "fast-check";
import { expect, test } from "vitest";
import { createRng } from "@/lib/sim/rng";
import { buddyCheck } from "./buddy-check";

test("however a zone is damaged, its lists can be walked, and two zones damaged alike are the same", () => {
  const params = { maxOrder: 3, damages: 6 };
  fc.assert(
    fc.property(
      fc.integer({ min: 1 }),
      fc.constantFrom(8, 13, 16, 48, 64),
      fc.constantFrom("one-block" as const, "boot32" as const, "pages_desc" as const),
      (seed, pages, init) => {
        const config = { pages, init };
        const ops = buddyCheck.generate(createRng(seed), config, params, 30);
        expect(buddyCheck.legal(config, ops)).toEqual(ops);
        const [one, other] = [buddyCheck.start(config, {}), buddyCheck.start(config, {})];
        for (const op of ops) {
          expect(one.apply(op)).toEqual(other.apply(op));
          expect(one.same(other)).toBe(true);
        }
      },
    ),
    { numRuns: 400 },
  );
});
