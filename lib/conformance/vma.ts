// linux_vma/vma_simple.json and vma_account.json: the areas of a running Linux 6.18 after each call, in a window of 64 pages.
// Source: oracles/README.md section 7. The machine runs with the rules of that kernel (lib/sim/mm/rules.ts); no page is touched.
import { PAGE_SHIFT } from "@/lib/sim/constants";
import { createKernel } from "@/lib/sim/create-kernel";
import type { Kernel } from "@/lib/sim/kernel";
import type { Addr } from "@/lib/sim/machine";
import { checkMm } from "@/lib/sim/mm/check-mm";
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_NORESERVE,
  MAP_PRIVATE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  vmFlags,
} from "@/lib/sim/mm/flags";
import { pickMmapLayout } from "@/lib/sim/mm/layout";
import { mmAlloc } from "@/lib/sim/mm/mm";
import { doMmap } from "@/lib/sim/mm/mmap";
import { mprotect } from "@/lib/sim/mm/mprotect";
import { doMunmap } from "@/lib/sim/mm/munmap";
import type { AreaState } from "@/lib/sim/mm/observe";
import { observeMm } from "@/lib/sim/mm/observe-mm";
import {
  BadData,
  type CaseOutcome,
  type Difference,
  integer,
  type Json,
  list,
  record,
  sameJson,
  text,
} from "./data-set";

/** Where page 0 of the window lies. Nothing else is mapped, so its borders merge with nothing. */
const WINDOW = 0x10000000;
const WINDOW_PAGES = 64;

interface VmaOp {
  readonly call: "mmap" | "munmap" | "mprotect";
  readonly start: number;
  readonly pages: number;
  readonly prot: number;
  readonly errno: number;
  readonly areas: Json[];
}

/** All mappings with MAP_NORESERVE: only adjacency and permissions decide. */
export function vmaSimple(data: Json): Iterable<CaseOutcome> {
  return traces(data, MAP_NORESERVE);
}

/** Without it: writable memory is charged. */
export function vmaAccount(data: Json): Iterable<CaseOutcome> {
  return traces(data, 0);
}

function* traces(data: Json, mapFlags: number): Iterable<CaseOutcome> {
  for (const [index, item] of list(record(data, "file").traces, "traces").entries()) {
    const trace = record(item, `traces[${index}]`);
    const name = `trace ${index} (seed ${trace.seed ?? "?"})`;
    const ops = list(trace.ops, `${name}.ops`).map((op, at) => readOp(op, `${name} op ${at}`));
    yield { name, difference: run(ops, mapFlags) };
  }
}

function readOp(item: Json, where: string): VmaOp {
  const op = list(item, where);
  const call = text(op[0], where);
  if (call !== "mmap" && call !== "munmap" && call !== "mprotect") throw new BadData(`${where}: unknown call ${call}`);
  const start = integer(op[1], where);
  const pages = integer(op[2], where);
  if (start < 0 || pages < 1 || start + pages > WINDOW_PAGES)
    throw new BadData(`${where}: pages ${start} to ${start + pages} are not in the window of ${WINDOW_PAGES}`);
  const prot = call === "munmap" ? 0 : protection(text(op[3], where), where);
  const areas = list(op[5], where);
  for (const area of areas) if (list(area, where).length < 3) throw new BadData(`${where}: an area needs three values`);
  return { call, start, pages, prot, errno: integer(op[4], where), areas };
}

function protection(letters: string, where: string): number {
  if (!/^[r-][w-][x-]$/.test(letters)) throw new BadData(`${where}: ${letters} is no protection`);
  return (
    (letters[0] === "r" ? PROT_READ : 0) | (letters[1] === "w" ? PROT_WRITE : 0) | (letters[2] === "x" ? PROT_EXEC : 0)
  );
}

function run(ops: readonly VmaOp[], mapFlags: number): Difference | null {
  const k = createKernel({ boot: { kind: "zones", pages: [0, 256, 0] }, addressSpace: "6.18" });
  const mm = mmAlloc(k);
  pickMmapLayout(k, mm);
  for (const [index, op] of ops.entries()) {
    const at = `op ${index} ${op.call}(${op.start}, ${op.pages})`;
    const errno = Math.max(0, -execute(k, mm, op, mapFlags));
    if (errno !== op.errno) return { at: `${at} errno`, expected: op.errno, actual: errno };
    const expected = op.areas.map((area) =>
      list(area, at).map((value) => (typeof value === "string" ? value.trim() : value)),
    );
    const actual = observeMm(k, mm).areas.map((area, each) => areaAsJson(area, expected[each]?.length ?? 3));
    if (!sameJson(expected, actual)) return { at: `${at} areas`, expected, actual };
    const finding = checkMm(k, mm)[0];
    if (finding !== undefined) return { at: `${at} invariants`, expected: null, actual: finding.rule };
  }
  return null;
}

function execute(k: Kernel, mm: Addr, { call, start, pages, prot }: VmaOp, mapFlags: number): number {
  const addr = WINDOW + start * 2 ** PAGE_SHIFT;
  const len = pages * 2 ** PAGE_SHIFT;
  if (call === "munmap") return doMunmap(k, mm, addr, len);
  if (call === "mprotect") return mprotect(k, mm, addr, len, prot);
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | mapFlags;
  return doMmap(k, mm, { addr, len, prot, flags, file: 0, pgoff: 0 });
}

/** The two letters that smaps prints for a flag, in its order. */
const smapsFlags = [
  ["VM_READ", "rd"],
  ["VM_WRITE", "wr"],
  ["VM_EXEC", "ex"],
  ["VM_SHARED", "sh"],
  ["VM_MAYREAD", "mr"],
  ["VM_MAYWRITE", "mw"],
  ["VM_MAYEXEC", "me"],
  ["VM_MAYSHARE", "ms"],
  ["VM_GROWSDOWN", "gd"],
  ["VM_LOCKED", "lo"],
  ["VM_ACCOUNT", "ac"],
  ["VM_NORESERVE", "nr"],
] as const;

/** As the data writes an area; with a fourth value its flags, as smaps does. */
function areaAsJson(area: AreaState, values: number): Json[] {
  const page = (address: number) => (address - WINDOW) / 2 ** PAGE_SHIFT;
  const shown: Json[] = [page(area.start), page(area.end), area.permissions];
  if (values < 4) return shown;
  const words = smapsFlags.flatMap(([flag, word]) => ((area.flags & vmFlags[flag]) !== 0 ? [word] : []));
  return [...shown, words.join(" ")];
}
