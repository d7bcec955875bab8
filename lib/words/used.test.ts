import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { messages } from "./messages";

// Unknown keys are compile errors. This finds the opposite: sentences that nothing says any more.

const root = path.resolve(import.meta.dirname, "../..");
const sources = ["app", "lib"]
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((file) =>
      path.join(root, folder, file),
    ),
  )
  .filter((file) => /\.tsx?$/.test(file) && !file.includes("generated") && !file.endsWith(".test.ts"))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

function leaves(part: unknown, prefix: string): string[] {
  if (typeof part === "string") return [prefix];
  return Object.entries(part as object).flatMap(([key, value]) =>
    leaves(value, prefix === "" ? key : `${prefix}.${key}`),
  );
}

/** Whether the key, or a tail of it (for a translator of a nested namespace), is written out or computed somewhere. */
function isUsed(key: string): boolean {
  const parts = key.split(".");
  return parts.some((_, from) => {
    const tail = parts.slice(from);
    if (new RegExp(`["'\`.]${tail.join("\\.")}["'\`]`).test(sources)) return true;
    // `title.${kind}` computes every key below title, and `${kind}.title` every title below some kind.
    const computed = tail.map((_, hole) => tail.map((name, at) => (at === hole ? "\\$\\{[^}]+\\}" : name)).join("\\."));
    return tail.length > 1 && computed.some((pattern) => new RegExp(`\`[^\`]*${pattern}\``).test(sources));
  });
}

/** Namespaces whose keys are written plainly enough for isUsed. */
const checked = ["account", "auth", "course", "errors", "info", "landing", "shell"] as const;

test.each(checked)("every sentence of %s is said somewhere", (namespace) => {
  const unused = leaves(messages.en[namespace], "").filter((key) => !isUsed(key));
  expect(unused).toEqual([]);
});
