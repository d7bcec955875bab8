import { beforeAll, describe, expect, it } from "vitest";
import { buddyRuleNames } from "@/lib/slots/buddy-rules";
import { messages } from "@/lib/words/messages";
import { locales } from "@/lib/words/text";
import { say } from "@/lib/words/translator";
import { verdictLines } from "./print";
import { openTestCourse, type TestCourse } from "./testing-course";

let course: TestCourse;
beforeAll(async () => {
  course = await openTestCourse();
});

describe("what a learner is told", () => {
  it("has a sentence for every rule, in every language", () => {
    for (const locale of locales) {
      const rules = messages[locale].verdict.rule as Readonly<Record<string, string>>;
      expect(buddyRuleNames.filter((name) => rules[name] === undefined)).toEqual([]);
    }
  });

  it("leaves no argument of a message open, whatever goes wrong", async () => {
    for (const slug of ["order-for", "split-a-block", "hot-and-cold", "check-the-zone"]) {
      const exercise = course.exercise(slug);
      for (const { source } of exercise.mutants.slice(0, 3)) {
        const verdict = await course.grade(slug, source);
        for (const locale of locales) {
          const text = verdictLines(verdict, exercise, locale).join("\n");
          expect(text).not.toMatch(/verdict\.|finding\.|grade\.|\{[a-z]/i);
          expect(text).toContain(verdict.misconception!.sentence[locale]);
        }
      }
    }
  });

  it("states fact, rule and next step with the numbers of the case", () => {
    const args = { a: 8, b: 12, index: 8, buddyIndex: 12, size: 4, order: 2, parentOrder: 3 };
    expect(say("en", { key: "verdict.rule.missingMerge", args })).toBe(
      "Blocks 8 and 12 of order 2 are both free. They are buddies (index 8 XOR 4 = 12), so they must become one block of order 3. Look at the loop that merges.",
    );
  });
});
