// A machine and its operations as a link: `#s=1j...` (plain) or `#s=1z...` (deflated), version first.
// Theory: a block is freed by the number of its allocation, so names need not travel: "3 0 -0" is two allocations of order 3
//         and 0, then the free of the first. "c" at the end means the cold list.
import { fromBase64Url, toBase64Url } from "@/lib/scenarios/base64url";
import { type BuddyConfig, type PcpMarks, type ZoneInit, zoneInits } from "@/lib/sim/machine";
import { type BuddyOp, blockName } from "@/lib/slots/buddy-trace";

const version = "1";
export const mostSharedPages = 16_384;

/** `none` leaves every page with nobody that a trace could name: nothing could be done with it. */
export const sharedInits: readonly ZoneInit[] = zoneInits.filter((init) => init !== "none");

export interface Shared {
  readonly config: BuddyConfig;
  readonly ops: readonly BuddyOp[];
}

/** Plain form, for short traces: needs no compression code. */
export function shareHash(shared: Shared): string {
  return `#s=${version}j${toBase64Url(new TextEncoder().encode(toText(shared)))}`;
}

/** The shorter of the two forms. */
export function shareHashDeflated(shared: Shared, deflate: (bytes: Uint8Array) => Uint8Array): string {
  const plain = shareHash(shared);
  const packed = `#s=${version}z${toBase64Url(deflate(new TextEncoder().encode(toText(shared))))}`;
  return packed.length < plain.length ? packed : plain;
}

export type Opened =
  | { readonly kind: "none" }
  | { readonly kind: "shared"; readonly shared: Shared }
  /** Made by a newer or unknown version of this page. */
  | { readonly kind: "version"; readonly version: string }
  | { readonly kind: "broken" };

export function openHash(hash: string, inflate: (bytes: Uint8Array) => Uint8Array): Opened {
  const value = new URLSearchParams(hash.replace(/^#/, "")).get("s");
  if (value === null) return { kind: "none" };
  const match = /^(\d+)([a-z])([A-Za-z0-9_-]+)$/.exec(value);
  if (!match) return { kind: "broken" };
  if (match[1] !== version) return { kind: "version", version: match[1]! };
  try {
    const bytes = fromBase64Url(match[3]!);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(match[2] === "z" ? inflate(bytes) : bytes);
    const shared = fromText(text);
    return shared ? { kind: "shared", shared } : { kind: "broken" };
  } catch {
    // Truncated in a mail, not ours, not base64: one message says it all.
    return { kind: "broken" };
  }
}

function toText({ config, ops }: Shared): string {
  return JSON.stringify({ ...config, ops: opsToText(ops) });
}

export function opsToText(ops: readonly BuddyOp[]): string {
  const numbers = new Map<string, number>();
  let count = 0;
  return ops
    .map((op) => {
      const end = op.cold ? "c" : "";
      if (op.op === "free") return `-${numbers.get(op.id)}${end}`;
      numbers.set(op.id, count++);
      return `${op.order}${end}`;
    })
    .join(" ");
}

function fromText(text: string): Shared | null {
  const data: unknown = JSON.parse(text);
  if (typeof data !== "object" || data === null) return null;
  const config = checkConfig(data as Record<string, unknown>);
  const { ops } = data as { ops?: unknown };
  if (config === null || typeof ops !== "string") return null;
  const read = opsFromText(ops);
  return read && { config, ops: read };
}

export function opsFromText(text: string): BuddyOp[] | null {
  const ops: BuddyOp[] = [];
  let count = 0;
  for (const word of text.split(" ").filter((each) => each !== "")) {
    const match = /^(-?)(\d{1,5})(c?)$/.exec(word);
    if (!match) return null;
    const number = Number(match[2]);
    const cold = match[3] === "c" ? { cold: true } : {};
    if (match[1] === "-") {
      ops.push({ op: "free", id: blockName(number), ...cold });
    } else {
      if (number > 10) return null;
      ops.push({ op: "alloc", order: number, id: blockName(count++), ...cold });
    }
  }
  return ops;
}

/** The configuration, if it is one that a page can show; a stranger may have written it. */
export function checkConfig(data: Readonly<Record<string, unknown>>): BuddyConfig | null {
  const { pages, startPfn = 0, init, pcp = null } = data;
  if (!isCount(pages, 1, mostSharedPages) || !isCount(startPfn, 0, 2 ** 20 - pages) || startPfn % 1024 !== 0)
    return null;
  const known = sharedInits.find((each) => each === init);
  if (known === undefined) return null;
  const lists = checkPcp(pcp);
  return lists === undefined ? null : { pages, startPfn, init: known, pcp: lists };
}

function checkPcp(pcp: unknown): BuddyConfig["pcp"] {
  if (pcp === null) return null;
  if (typeof pcp !== "object") return undefined;
  const { batch, hot, cold } = pcp as Record<string, unknown>;
  if (isCount(batch, 1, 64)) return { batch };
  return isMarks(hot) && isMarks(cold) ? { hot, cold } : undefined;
}

function isMarks(value: unknown): value is PcpMarks {
  if (typeof value !== "object" || value === null) return false;
  const { low, high, batch } = value as Record<string, unknown>;
  return isCount(low, 0, 4096) && isCount(high, 0, 4096) && isCount(batch, 1, 64);
}

function isCount(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}
