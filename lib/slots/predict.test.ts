import { describe, expect, it } from "vitest";
import { replay } from "./buddy-replay";
import { answer, makeQuestion, wrongOrders } from "./predict";

const config = { pages: 16, init: "one-block" } as const;

describe("predict questions", () => {
  it("come out the same for one seed and different for others", () => {
    const ask = (seed: number) => makeQuestion(seed, config, { kind: "any", maxOrder: 2, steps: 1 }, 12);
    expect(ask(5)).toEqual(ask(5));
    expect(new Set([1, 2, 3, 4, 5, 6].map((seed) => JSON.stringify(ask(seed * 7919)))).size).toBeGreaterThan(3);
  });

  it("end with an operation of the wanted kind and size", () => {
    for (const kind of ["split", "merge"] as const) {
      for (let seed = 1; seed <= 20; seed++) {
        const question = makeQuestion(seed * 7919, config, { kind, maxOrder: 2, steps: 2 }, 12);
        const { events } = replay(config, [...question.setup, question.op]);
        expect(events.at(-1)!.filter((event) => event.kind === kind).length).toBeGreaterThanOrEqual(2);
        expect(question.block === null).toBe(kind === "split");
      }
    }
  });

  it("are answered by the simulator", () => {
    const question = makeQuestion(7919, config, { kind: "split", maxOrder: 2, steps: 1 }, 12);
    const { freeLists } = answer(question);
    expect(wrongOrders(freeLists, freeLists)).toEqual([]);
    expect(wrongOrders(freeLists, question.state.freeLists)).not.toEqual([]);
  });
});

describe("wrongOrders", () => {
  it("counts the order within a list, and takes a missing list for an empty one", () => {
    expect(wrongOrders([[1, 2], [], [8]], [[2, 1], [], [8]])).toEqual([0]);
    expect(wrongOrders([[1], [], [8]], [[1]])).toEqual([2]);
  });
});
