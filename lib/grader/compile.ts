// From the learner's file to JavaScript that the sandbox can run: bytes -> text -> TypeScript without its types.
// Theory: sucrase only blanks types out and never moves a line, so a stack trace of the guest names the learner's own lines.
//         What it lets through although it is no JavaScript, the engine refuses when it compiles (sandbox.ts).
// Runs in Node and in a browser's worker alike.
import { transform } from "sucrase";
import { failureOf } from "./guest-error";
import { limits } from "./limits";
import type { Failure } from "./verdict";

export type Compiled = { readonly ok: true; readonly js: string } | { readonly ok: false; readonly failure: Failure };
export type CheckedSource =
  | { readonly ok: true; readonly source: string }
  | { readonly ok: false; readonly failure: Failure };

/** A file as it arrives. Refuses what is empty, too large or not UTF-8. */
export function checkSource(bytes: Uint8Array): CheckedSource {
  if (bytes.length > limits.sourceBytes)
    return refuse("compile.tooLarge", { bytes: bytes.length, limit: limits.sourceBytes });
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("compile.notUtf8", { offset: firstBadByte(bytes) });
  }
  if (source.trim() === "") return refuse("compile.empty", {});
  return { ok: true, source };
}

/** TypeScript or JavaScript to a CommonJS module of the same lines. */
export function compile(source: string): Compiled {
  const checked = checkSource(new TextEncoder().encode(source));
  if (!checked.ok) return checked;
  try {
    const { code } = transform(plainKernelImports(source), {
      transforms: ["typescript", "imports"],
      preserveDynamicImport: true,
      disableESTransforms: true,
    });
    return { ok: true, js: withoutPreamble(code) };
  } catch (error) {
    // Nested deeper than the compiler's own stack.
    if (error instanceof RangeError) return refuse("compile.tooComplex", {});
    if (!(error instanceof SyntaxError)) throw new Error("the TypeScript compiler failed", { cause: error });
    return {
      ok: false,
      failure: syntaxFailure(error as SyntaxError & { loc?: { line: number; column: number } }, source),
    };
  }
}

function refuse(key: string, args: Record<string, number>): { ok: false; failure: Failure } {
  return { ok: false, failure: failureOf({ key, args }) };
}

/**
 * `import { listAdd as add } from "kernel"` becomes `const { listAdd: add } = require("kernel")`. An import that stays one is
 * live: every use of it would read a property and go through `call`, which costs the learner's code a fifth of its speed.
 */
function plainKernelImports(source: string): string {
  return source.replace(
    /^([ \t]*)import\s*\{([^{}]*)\}\s*from\s*(["'])kernel\3/gm,
    (_all, indent: string, names: string) =>
      `${indent}const {${names.replace(/\btype\s+[\w$]+(\s+as\s+[\w$]+)?\s*,?/g, "").replace(/\s+as\s+/g, ": ")}} = require("kernel");`,
  );
}

/** What sucrase puts before the first line; the sandbox's own wrapper is strict, and nobody asks whether this is a module. */
function withoutPreamble(code: string): string {
  const strict = '"use strict";';
  const marker = 'Object.defineProperty(exports, "__esModule", {value: true});';
  const rest = code.startsWith(strict) ? code.slice(strict.length) : code;
  return rest.startsWith(marker) ? rest.slice(marker.length) : rest;
}

const fullWidth: Readonly<Record<string, string>> = {
  "；": ";",
  "，": ",",
  "、": ",",
  "。": ".",
  "：": ":",
  "（": "(",
  "）": ")",
  "｛": "{",
  "｝": "}",
  "［": "[",
  "］": "]",
  "【": "[",
  "】": "]",
  "＝": "=",
  "＋": "+",
  "－": "-",
  "＊": "*",
  "／": "/",
  "＜": "<",
  "＞": ">",
  "＆": "&",
  "｜": "|",
  "！": "!",
  "？": "?",
  "“": '"',
  "”": '"',
  "‘": "'",
  "’": "'",
  "\u3000": " ",
};

function syntaxFailure(error: SyntaxError & { loc?: { line: number; column: number } }, source: string): Failure {
  const text = error.message.replace(/^Error transforming \S+: /, "").replace(/ \(\d+:\d+\)$/, "");
  const place = error.loc ? { line: error.loc.line, column: error.loc.column } : null;
  const raw = `SyntaxError: ${text}`.slice(0, limits.errorChars);
  const line = place === null ? "" : (source.split(/\r\n|\n|\r/)[place.line - 1] ?? "");
  const found = place === null ? undefined : fullWidthNear(line, place.column - 1);
  if (found === undefined || place === null)
    return failureOf({ key: "compile.syntax", args: { text } }, { raw, place });
  const args = { found: line[found]!, use: fullWidth[line[found]!]! };
  return failureOf({ key: "compile.fullWidth", args }, { raw, place: { line: place.line, column: found + 1 } });
}

/** Index of a full-width sign where the parser stopped, or right beside it. */
function fullWidthNear(line: string, at: number): number | undefined {
  return [at, at - 1, at + 1].find((index) => Object.hasOwn(fullWidth, line[index] ?? ""));
}

/** Offset of the first byte that begins no UTF-8 sequence: the longest prefix that decodes, found by halving. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let most = bytes.length;
  while (good < most) {
    const middle = Math.ceil((good + most) / 2);
    try {
      // As a stream, a prefix may end inside a character.
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      most = middle - 1;
    }
  }
  return good;
}
