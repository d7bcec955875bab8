// A machine and its operations as a link: `#m=1j…` (plain) or `#m=1z…` (deflated), version first.
// Theory: the operations travel as the lines that a reader would type, so a link is read by the same grammar as the console and
//         can hold nothing that the console would not accept.
import { fromBase64Url, toBase64Url } from "./base64url";
import { type Grammar, lineOf, parseOp } from "./command";
import type { AnyOp, Scenario } from "./scenario";

const version = "1";

export interface Shared<Config, Op> {
  readonly config: Config;
  readonly ops: readonly Op[];
}

type Pack = (bytes: Uint8Array) => Uint8Array;

/** The shorter of the two forms; without `deflate` the plain one. */
export function linkOf(grammar: Grammar, { config, ops }: Shared<unknown, AnyOp>, deflate?: Pack): string {
  const text = JSON.stringify({ config, ops: ops.map((op) => lineOf(grammar, op)).join(";") });
  const bytes = new TextEncoder().encode(text);
  const plain = `#m=${version}j${toBase64Url(bytes)}`;
  const packed = deflate && `#m=${version}z${toBase64Url(deflate(bytes))}`;
  return packed && packed.length < plain.length ? packed : plain;
}

export type Opened<Config, Op> =
  | { readonly kind: "none" }
  | { readonly kind: "shared"; readonly shared: Shared<Config, Op> }
  /** Made by a newer or unknown version of this page. */
  | { readonly kind: "version"; readonly version: string }
  | { readonly kind: "broken" };

export function openLink<C, O extends AnyOp, M, S>(
  scenario: Scenario<C, O, M, S>,
  hash: string,
  inflate: Pack,
): Opened<C, O> {
  const value = new URLSearchParams(hash.replace(/^#/, "")).get("m");
  if (value === null) return { kind: "none" };
  const match = /^(\d+)([a-z])([A-Za-z0-9_-]+)$/.exec(value);
  if (!match) return { kind: "broken" };
  if (match[1] !== version) return { kind: "version", version: match[1]! };
  try {
    const bytes = fromBase64Url(match[3]!);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(match[2] === "z" ? inflate(bytes) : bytes);
    const data = JSON.parse(text) as { config?: unknown; ops?: unknown } | null;
    const config = scenario.readConfig(data?.config);
    const lines = typeof data?.ops === "string" ? data.ops.split(";").filter((line) => line !== "") : null;
    const ops = lines && opsOf(scenario, lines);
    return config === null || ops === null ? { kind: "broken" } : { kind: "shared", shared: { config, ops } };
  } catch {
    // Truncated in a mail, not ours, not base64: one message says it all.
    return { kind: "broken" };
  }
}

/** Command lines as operations; null if one of them is none. */
export function opsOf<C, O extends AnyOp, M, S>(scenario: Scenario<C, O, M, S>, lines: readonly string[]): O[] | null {
  const ops: O[] = [];
  for (const line of lines) {
    const op = parseOp(scenario.commands, line);
    if ("key" in op) return null;
    // The table of commands, which is checked against the union, has just made it.
    ops.push(op as O);
  }
  return ops;
}
