// The generated Prisma client, kept in step with schema.prisma. Imports nothing that needs it.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { runNode } from "./run-node";

const generated = path.resolve("lib/db/generated");

/** Generates the client unless it was made from this very schema by this very Prisma. */
export async function ensurePrismaClient(): Promise<"generated" | "up to date"> {
  const schema = await readFile("prisma/schema.prisma", "utf8");
  const manifest = createRequire(import.meta.url).resolve("prisma/package.json");
  const fingerprint = createHash("sha256")
    .update(schema)
    .update(await readFile(manifest, "utf8"))
    .digest("hex");
  const mark = path.join(generated, "made-from.txt");
  const known = await readFile(mark, "utf8").catch(() => "");
  const present = await readFile(path.join(generated, "client.ts"), "utf8").catch(() => "");
  if (known === fingerprint && present) return "up to date";
  await runNode(path.join(path.dirname(manifest), "build/index.js"), ["generate"], { quiet: true });
  await mkdir(generated, { recursive: true });
  await writeFile(mark, fingerprint);
  return "generated";
}
