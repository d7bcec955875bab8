import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const here = import.meta.dirname;
const readme = readFileSync(path.join(here, "README.md"), "utf8");
/** What every part may have without being named. */
const ordinary = /^(structs|events|observe|init)\.ts$|^(observe|check|walk|init)-/;

/** Files that the README names, relative to this folder: those of a row belong to the part that begins it. */
const named = readme.split("\n").flatMap((line) => {
  const part = /^\| `(\w+\/)`: /.exec(line)?.[1] ?? "";
  return [...line.matchAll(/`([\w./-]+\.ts)`/g)].map((match) => part + match[1]);
});

test("the README names files that exist", () => {
  expect(named.filter((file) => !file.includes("*") && !existsSync(path.join(here, file)))).toEqual([]);
});

test("every file of the machine has its place in the reading order", () => {
  const files = readdirSync(here, { recursive: true, encoding: "utf8" }).map((file) => file.split(path.sep).join("/"));
  const product = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const lost = product.filter((file) => !named.includes(file) && !ordinary.test(file.split("/").at(-1) ?? ""));
  expect(lost.filter((file) => !file.endsWith("array-model.ts"))).toEqual([]);
});
