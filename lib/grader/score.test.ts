import { describe, expect, it } from "vitest";
import { score } from "./score";
import { caseSeed, submissionSeed } from "./seeds";
import type { CaseResult } from "./verdict";

const title = { en: "T", "zh-CN": "T" };
const group = (id: string, weight: number) => ({ id, title, weight });
const result = (name: string, status: CaseResult["status"]): CaseResult => ({
  name,
  group: name,
  visibility: "hidden",
  status,
  operations: 1,
  fuel: 0,
  divergence: null,
  failure: null,
  trace: null,
});

describe("score", () => {
  const groups = [group("a", 2), group("b", 1)];

  it("gives the weight of a group only when all of its cases passed", () => {
    const cases = [result("a", "passed"), result("a", "passed"), result("b", "passed"), result("b", "failed")];
    expect(score(groups, cases, 100)).toMatchObject({
      score: 67,
      maxScore: 100,
      groups: [{ passed: true }, { passed: false }],
    });
  });

  it("gives nothing for a group of which nothing ran", () => {
    expect(score(groups, [result("a", "passed")], 30).score).toBe(20);
    expect(score(groups, [result("a", "not_run"), result("b", "passed")], 30).score).toBe(10);
    expect(score(groups, [], 30).score).toBe(0);
  });
});

describe("seeds", () => {
  it("depend on secret, submission, case and index, and on nothing else", () => {
    const seed = submissionSeed("secret", "submission");
    expect(seed).toMatch(/^[0-9a-f]{64}$/);
    expect(submissionSeed("secret", "submission")).toBe(seed);
    const seeds = [
      caseSeed(seed, "a", 0),
      caseSeed(seed, "a", 1),
      caseSeed(seed, "b", 0),
      caseSeed(submissionSeed("secret", "other"), "a", 0),
    ];
    expect(new Set(seeds).size).toBe(4);
    expect(seeds.every((value) => value > 0 && value < 2 ** 32)).toBe(true);
  });
});
