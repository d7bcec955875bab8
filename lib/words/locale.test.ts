import { describe, expect, it } from "vitest";
import { inLocale, isLocale, negotiateLocale } from "./locale";

describe("negotiateLocale", () => {
  it.each([
    [null, "en"],
    ["", "en"],
    ["fr-FR,fr;q=0.9", "en"],
    ["zh", "zh-CN"],
    ["zh-TW,en;q=0.5", "zh-CN"],
    ["en-GB,zh;q=0.9", "en"],
    ["en;q=0.4, zh-Hans-CN;q=0.8", "zh-CN"],
    ["zh;q=0, en", "en"],
    ["de, zh;q=0.2, en;q=0.1", "zh-CN"],
  ] as const)("answers the header %j with %s", (header, expected) => {
    expect(negotiateLocale(header)).toBe(expected);
  });
});

describe("inLocale", () => {
  it("keeps everything behind the language", () => {
    expect(inLocale("/en", "zh-CN")).toBe("/zh-CN");
    expect(inLocale("/en/courses/linux-mm/lessons/buddy", "zh-CN")).toBe("/zh-CN/courses/linux-mm/lessons/buddy");
    expect(inLocale(inLocale("/zh-CN/play", "en"), "zh-CN")).toBe("/zh-CN/play");
  });
});

describe("isLocale", () => {
  it("knows the languages of the site and nothing else", () => {
    expect(["en", "zh-CN", "zh", "EN", undefined, ""].map(isLocale)).toEqual([true, true, false, false, false, false]);
  });
});
