// `npm run lint`: Biome, then the rules of lint-rules.ts. `--fix` lets Biome mend what it can.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { checkFile, checkTable } from "./lint-rules";

const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
const args = process.argv.includes("--fix") ? ["check", "--write", "."] : ["ci", "."];
const { status } = spawnSync(process.execPath, [biome, ...args], { stdio: "inherit" });

const listed = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" });
const files = listed.stdout.split("\n").filter((file) => /^(app|lib|e2e)\/.*\.tsx?$/.test(file));
const complaints = [...checkTable(), ...files.flatMap((file) => checkFile(file, read(file)))];
for (const { file, line, message } of complaints) console.error(`${file}:${line} ${message}`);
console.log(`${files.length} files, ${complaints.length} against the rules of the house`);
process.exitCode = status === 0 && complaints.length === 0 ? 0 : 1;

/** Empty for a file that is deleted but not yet committed so. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
