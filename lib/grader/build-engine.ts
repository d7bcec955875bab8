// Builds the metered engine from the npm package, once, and refuses any engine that is not the recorded one.
// Theory: verdicts name the engine's hash, so the same bytes must come out on every machine. The hash is recorded in the
//         repository (engine/engine.json); the module itself is not, because it can be rebuilt in a second.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type binaryen from "binaryen";
import record from "./engine/engine.json";
import { limits } from "./limits";
import type { MeterCounts } from "./meter";
import { exportTable, importTable } from "./quickjs";
import { sha256Hex } from "./sha256";

export const enginePackage = "@jitl/quickjs-wasmfile-release-sync";

export interface EngineRecord {
  readonly package: string;
  readonly version: string;
  readonly sourceSha256: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly maxDepth: number;
  readonly counts: MeterCounts;
}

export interface BuiltEngine {
  readonly wasm: Uint8Array;
  readonly record: EngineRecord;
}

/** The one place of the metered engine: beside its record, also for code bundled to another folder. */
export function engineFile(root = process.cwd()): string {
  return join(root, "lib", "grader", "engine", "quickjs-metered.wasm");
}

/** Reads the engine for use. @throws Error if it is missing or differs from the recorded one. */
export async function readEngine(file = engineFile()): Promise<Uint8Array<ArrayBuffer>> {
  const wasm = new Uint8Array(await readFile(file));
  const hash = sha256Hex(wasm);
  if (hash !== record.sha256) throw new Error(mismatch(file, hash));
  return wasm;
}

/** Builds the engine if it is not there (or stale), and checks it. Returns whether it had to be built. */
export async function ensureEngine(root = process.cwd()): Promise<boolean> {
  const file = engineFile(root);
  if (
    await readEngine(file).then(
      () => true,
      () => false,
    )
  )
    return false;
  const built = await buildEngine();
  if (built.record.sha256 !== record.sha256) throw new Error(mismatch(enginePackage, built.record.sha256));
  await mkdir(join(file, ".."), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, built.wasm);
  await rename(draft, file);
  return true;
}

function mismatch(what: string, hash: string): string {
  return (
    `The grading engine from ${what} has sha256 ${hash}, but lib/grader/engine/engine.json records ${record.sha256}. ` +
    "Verdicts must not depend on it silently: run `npm ci`, delete lib/grader/engine/quickjs-metered.wasm and try again; " +
    "if the engine was changed on purpose, run `npx tsx lib/grader/record-engine.ts` and commit the new record."
  );
}

/** Meters the engine of the installed package. Pure: the same package gives the same bytes. */
export async function buildEngine(): Promise<BuiltEngine> {
  const [{ default: wasmTools }, { meter }] = await Promise.all([import("binaryen"), import("./meter")]);
  const require = createRequire(import.meta.url);
  const source = new Uint8Array(await readFile(require.resolve(`${enginePackage}/wasm`)));
  const loader = await readFile(require.resolve(`${enginePackage}/emscripten-module`), "utf8");
  const { version } = JSON.parse(await readFile(require.resolve(`${enginePackage}/package.json`), "utf8")) as {
    version: string;
  };
  const module = wasmTools.readBinary(source);
  nameImports(wasmTools, module);
  nameExports(wasmTools, module, loader);
  const counts = meter(module, { maxDepth: limits.wasmDepth });
  const wasm = module.emitBinary();
  module.dispose();
  const sha = sha256Hex(wasm);
  return {
    wasm,
    record: {
      package: enginePackage,
      version,
      sourceSha256: sha256Hex(source),
      sha256: sha,
      bytes: wasm.length,
      maxDepth: limits.wasmDepth,
      counts,
    },
  };
}

/** Replaces the one-letter imports by readable ones. @throws Error if the engine asks for anything unexpected. */
function nameImports(wasmTools: typeof binaryen, module: binaryen.Module): void {
  const functions = Array.from({ length: module.getNumFunctions() }, (_, i) => module.getFunctionByIndex(i));
  const imports = functions.map((fn) => wasmTools.getFunctionInfo(fn)).filter((info) => info.base);
  if (imports.length !== Object.keys(importTable).length) throw new Error(`the engine has ${imports.length} imports`);
  for (const { name, base, params, results } of imports) {
    const type = spellType(wasmTools, params, results);
    const known = importTable[base ?? ""];
    if (known?.type !== type) throw new Error(`unexpected import ${base} (${type}) of the engine`);
    module.removeFunction(name);
    module.addFunctionImport(name, "host", known.name, params, results);
  }
}

/** Gives the exports the names that the package's own loader has for them; drops the rest. */
function nameExports(wasmTools: typeof binaryen, module: binaryen.Module, loader: string): void {
  const names = new Map<string, string>();
  for (const [, name, short] of loader.matchAll(/\b\w+\._(\w+)\s*=\s*\w+\.([\w$]+)/g)) names.set(short!, name!);
  const count = module.getNumExports();
  const exports = Array.from({ length: count }, (_, i) => wasmTools.getExportInfo(module.getExportByIndex(i)));
  for (const { name, value, kind } of exports) {
    if (kind !== wasmTools.ExternalFunction) continue;
    module.removeExport(name);
    const unnamed = exportTable[name];
    if (unnamed !== undefined) {
      const { params, results } = wasmTools.getFunctionInfo(module.getFunction(value));
      const type = spellType(wasmTools, params, results);
      if (type !== unnamed.type) throw new Error(`export ${name} of the engine has type ${type}`);
    }
    const readable = unnamed?.name ?? names.get(name);
    if (readable !== undefined) module.addFunctionExport(value, readable);
  }
}

/** `i32 i64 -> f64` */
function spellType(wasmTools: typeof binaryen, params: binaryen.Type, results: binaryen.Type): string {
  const names = new Map([
    [wasmTools.i32, "i32"],
    [wasmTools.i64, "i64"],
    [wasmTools.f64, "f64"],
  ]);
  const spell = (type: binaryen.Type) =>
    wasmTools
      .expandType(type)
      .map((t) => names.get(t) ?? `type ${t}`)
      .join(" ");
  return `${spell(params)} -> ${spell(results)}`.trim();
}
