import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import compile from "icu-minify/compile";
import { describe, expect, it } from "vitest";
import { messages } from "./messages";
import { locales } from "./text";

/** Every message with its dotted key. */
function flatten(part: unknown, prefix = ""): [string, string][] {
  if (typeof part === "string") return [[prefix, part]];
  return Object.entries(part as object).flatMap(([key, value]) =>
    flatten(value, prefix === "" ? key : `${prefix}.${key}`),
  );
}

/** The names of the arguments and tags of an ICU message, nested branches included. */
function placeholders(message: string): string[] {
  const names = new Set<string>();
  const visit = (node: unknown, position: "node" | "list" | "branches"): void => {
    if (typeof node !== "object" || node === null) return;
    if (!Array.isArray(node)) {
      for (const branch of Object.values(node)) visit(branch, "list");
    } else if (position === "list") {
      for (const child of node) visit(child, "node");
    } else {
      const [name, ...rest] = node as unknown[];
      if (typeof name === "string") names.add(name);
      for (const child of rest) visit(child, typeof child === "object" && !Array.isArray(child) ? "branches" : "node");
    }
  };
  visit(compile(message), "list");
  return [...names].sort();
}

const english = new Map(flatten(messages.en));

describe("placeholders(), the oracle of these tests", () => {
  it("finds arguments, plural arguments and tags, also inside branches", () => {
    expect(placeholders("plain")).toEqual([]);
    expect(placeholders("{a} of {b, plural, one {# {c}} other {<d>#</d>}}")).toEqual(["a", "b", "c", "d"]);
  });
});

describe("user interface messages", () => {
  it("are registered, file by file, in every language", () => {
    for (const locale of locales) {
      const files = readdirSync(path.join(import.meta.dirname, locale)).map((file) => path.basename(file, ".json"));
      expect(files.sort()).toEqual(Object.keys(messages[locale]).sort());
    }
  });

  describe.each(locales)("in %s", (locale) => {
    const own = new Map(flatten(messages[locale]));

    it("have exactly the keys of English", () => {
      expect([...own.keys()].sort()).toEqual([...english.keys()].sort());
    });

    it("are never empty and are valid ICU", () => {
      for (const [key, message] of own) {
        expect(message.trim(), key).not.toBe("");
        expect(() => compile(message), key).not.toThrow();
      }
    });

    it("use the placeholders of English", () => {
      for (const [key, message] of own)
        expect(placeholders(message), key).toEqual(placeholders(english.get(key) ?? ""));
    });
  });

  it("contain no half-width comma or full stop between Chinese characters", () => {
    for (const [key, message] of flatten(messages["zh-CN"]))
      expect(/[\u4e00-\u9fff][,;!?][\u4e00-\u9fff]/.test(message), `${key}: ${message}`).toBe(false);
  });

  it("are not imported by browser code, which would ship every namespace to every page", () => {
    const root = path.resolve(import.meta.dirname, "../../app");
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.client\.tsx?$/.test(file),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const source = readFileSync(path.join(root, file), "utf8");
      expect(source, file).not.toMatch(/^import (?!type)[^;]*from "@\/lib\/words\/(messages|translator)"/m);
    }
  });
});
