import { expect, test } from "vitest";
import { checkFile, checkTable, importsOf, roomOf } from "./lint-rules";

const messages = (file: string, source: string) => checkFile(file, source).map((c) => `${c.line}: ${c.message}`);

test("every file belongs to the room of its folder", () => {
  expect(
    [
      "lib/sim/list.ts",
      "lib/paths.ts",
      "app/_figures/buddy/stage.tsx",
      "app/[locale]/page.tsx",
      "e2e/learn.spec.ts",
      "proxy.ts",
    ].map(roomOf),
  ).toEqual(["sim", "lib", "figures", "app", "e2e", null]);
});

test("an import that the table does not allow is named with its line", () => {
  const source = 'import path from "node:path";\nimport { db } from "@/lib/db/client";\n';
  expect(messages("lib/sim/list.ts", source)).toEqual(['2: room "sim" may not import room "db" (lib/rooms.ts).']);
  expect(messages("lib/auth/who.ts", source)).toEqual([]);
});

test("imports are found over several lines, in exports, with side effects and dynamically", () => {
  const source =
    'import {\n  a,\n  b,\n} from "./x";\nexport { c } from "./y";\nimport "./z";\nconst d = await import("./w");\n';
  expect(importsOf(source).map((found) => found.from)).toEqual(["./x", "./y", "./z", "./w"]);
});

test("a package of another room is refused, its types are not", () => {
  expect(messages("lib/db/x.ts", 'import { PgBoss } from "pg-boss";')).toEqual([
    '1: room "db" may not import pg-boss; only queue may.',
  ]);
  expect(messages("lib/db/x.ts", 'import type { PgBoss } from "pg-boss";')).toEqual([]);
});

test("zod does not get into a browser, its types and zod/mini may", () => {
  expect(messages("app/_x/form.client.tsx", 'import { z } from "zod";')).toHaveLength(1);
  expect(messages("app/_x/form.client.tsx", 'import type { z } from "zod";\nimport * as z from "zod/mini";')).toEqual(
    [],
  );
});

test("a test may set up what its room must not know, other code may not", () => {
  const source = 'import { openTestDatabase } from "@/lib/start/test-database";';
  expect(messages("lib/db/x.db.test.ts", source)).toEqual([]);
  expect(messages("lib/db/x.ts", source)).toHaveLength(1);
});

test("a URL typed into a page, and a file called utils, are refused", () => {
  expect(messages("app/_x/link.tsx", 'const a = "/en/courses";')).toEqual(["1: write URLs through lib/paths.ts."]);
  expect(messages("lib/sim/utils.ts", "")).toHaveLength(1);
});

test("the table has no cycle, and a cycle would be found", () => {
  expect(checkTable()).toEqual([]);
  expect(checkTable({ a: ["b"], b: ["c"], c: ["a"], d: ["a"] })).toHaveLength(3);
  expect(checkTable({ a: ["nowhere"] })).toHaveLength(1);
});
