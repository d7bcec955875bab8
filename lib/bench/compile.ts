// Our C baselines, compiled where there is a C compiler.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where programs and traces lie. */
export function buildFolder(): string {
  const folder = resolve(import.meta.dirname, "../../.build/bench");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Path of the compiled `NAME.c` of this folder, or null where there is no C compiler. */
export function compileNative(name: string): string | null {
  const source = join(import.meta.dirname, `${name}.c`);
  const program = join(buildFolder(), name);
  const changedMs = Math.max(...[source, join(import.meta.dirname, "list.h")].map((file) => statSync(file).mtimeMs));
  if (existsSync(program) && statSync(program).mtimeMs > changedMs) return program;
  const compiler = ["gcc", "cc", "clang"].find(isThere);
  if (!compiler) return null;
  execFileSync(compiler, ["-O2", "-Wall", "-Wextra", "-std=gnu11", "-o", program, source], { stdio: "inherit" });
  return program;
}

function isThere(compiler: string): boolean {
  try {
    execFileSync(compiler, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
