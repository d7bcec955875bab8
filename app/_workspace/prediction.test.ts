import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAnswers } from "./prediction";

test("lists are read back whatever stands between the numbers", () => {
  const lists = fc.array(fc.array(fc.nat(9999), { maxLength: 5 }), { minLength: 1, maxLength: 11 });
  const separator = fc.constantFrom(" ", ", ", "，", " → ", "、", " -> ");
  fc.assert(
    fc.property(lists, separator, (answer, between) => {
      fc.pre(answer.some((list) => list.length > 0));
      const { answers, wrong } = parseAnswers([answer.map((list) => list.join(between))]);
      expect(answers).toEqual([answer]);
      expect(wrong).toEqual([]);
    }),
  );
});

test("a question without any entry is not answered; one with some has empty lists for the rest", () => {
  expect(
    parseAnswers([
      ["", " "],
      ["4", ""],
    ]).answers,
  ).toEqual([null, [[4], []]]);
});

test("what is no page number is reported at its field", () => {
  expect(parseAnswers([["1 x", "2"], ["0x4"]]).wrong).toEqual([
    { question: 0, order: 0 },
    { question: 1, order: 0 },
  ]);
});
