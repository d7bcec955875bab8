import { describe, expect, it } from "vitest";
import { glossary, termOf, tones } from "./glossary";

describe("the glossary", () => {
  it("names each term once, with an id that a directive can carry", () => {
    const ids = glossary.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  it("explains every term in both languages, each in its own script", () => {
    for (const { id, word, definition } of glossary) {
      expect(definition.en, id).toMatch(/^[A-Z0-9].*\.$/);
      expect(definition["zh-CN"], id).toMatch(/[\u4e00-\u9fff].*。$/);
      expect(word.en, id).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it("does not let two terms share a word in either language", () => {
    for (const locale of ["en", "zh-CN"] as const) {
      const words = glossary.map(({ word }) => word[locale]);
      expect(new Set(words).size).toBe(words.length);
    }
  });

  it("double-codes colour: a known tone and a sign of its own", () => {
    for (const term of glossary) expect(tones).toContain(term.tone);
    const icons = glossary.map(({ icon }) => icon);
    expect(new Set(icons).size).toBe(icons.length);
  });

  it("knows no term that is not in it", () => {
    expect(termOf("buddy")?.word["zh-CN"]).toBe("伙伴");
    expect(termOf("constructor")).toBeNull();
  });
});
