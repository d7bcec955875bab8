// Rules that Biome does not know: which room imports what, what a browser may load, where URLs stand.
import path from "node:path";
import { packages, rooms } from "./rooms";

export interface Complaint {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}
interface Import {
  readonly line: number;
  readonly from: string;
  readonly typeOnly: boolean;
}

/** `lib/sim/buddy.ts` is in room `sim`, `lib/paths.ts` in `lib`; tool files at the top belong to no room. */
export function roomOf(file: string): string | null {
  const [first, second, third] = file.split("/");
  if (first === "app") return second === "_figures" || second === "_shell" ? second.slice(1) : "app";
  if (first === "lib") return third === undefined ? "lib" : (second ?? null);
  return first === "e2e" ? "e2e" : null;
}

/** Tests, and the programs that tests start, may set up what they test: a database, a learner. */
function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file) || /(^|\/)testing[\w-]*\.ts$/.test(file);
}

export function checkFile(file: string, source: string): Complaint[] {
  return [...checkImports(file, source), ...checkNames(file), ...checkUrls(file, source)];
}

function checkImports(file: string, source: string): Complaint[] {
  const room = roomOf(file);
  if (room === null) return [];
  const complaints: Complaint[] = [];
  for (const { line, from, typeOnly } of importsOf(source)) {
    const complain = (message: string) => complaints.push({ file, line, message });
    const target = targetOf(file, from);
    if (target === null) {
      const name = packageOf(from);
      const allowed = packages[name];
      if (allowed && !allowed.includes(room) && !typeOnly)
        complain(`room "${room}" may not import ${name}; only ${allowed.join(", ")} may.`);
      if (name === "zod" && from === "zod" && !typeOnly && /\.client\.tsx?$/.test(file))
        complain("zod would be sent to every browser: import its types only, or zod/mini.");
      continue;
    }
    const other = roomOf(target);
    if (from.startsWith("../") && other !== room)
      complain(`write "@/${target}": only inside a room are paths relative.`);
    if (other === null || other === room || allows(room, other) || (isTest(file) && !isTest(target))) continue;
    complain(`room "${room}" may not import room "${other}" (lib/rooms.ts).`);
  }
  return complaints;
}

function allows(room: string, other: string): boolean {
  return rooms[room]?.includes(other) ?? false;
}

/** The imported file relative to the repository, or null for a package. */
function targetOf(file: string, from: string): string | null {
  if (from.startsWith("@/")) return from.slice(2);
  if (from.startsWith(".")) return path.posix.join(path.posix.dirname(file), from);
  return null;
}

function packageOf(from: string): string {
  return from.split("/", from.startsWith("@") ? 2 : 1).join("/");
}

export function importsOf(source: string): Import[] {
  const pattern =
    /^[ \t]*(?:import|export)\s+(type\s)?[^"'`;]*?from\s+["']([^"']+)["']|^[ \t]*import\s+["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;
  return [...source.matchAll(pattern)].map((match) => ({
    line: source.slice(0, match.index).split("\n").length,
    from: match[2] ?? match[3] ?? match[4] ?? "",
    typeOnly: match[1] !== undefined || /:\s*$/.test(source.slice(0, match.index)) || isTypeQuery(source, match.index),
  }));
}

/** `import("x").Y` in a type. */
function isTypeQuery(source: string, index: number): boolean {
  return (
    /[|:=<,]\s*(typeof\s+)?$/.test(source.slice(0, index)) &&
    !/await\s*$/.test(source.slice(0, index)) &&
    /^import\([^)]*\)\s*\.\s*[A-Z]/.test(source.slice(index))
  );
}

const emptyNames = /(^|\/)(utils?|helpers?|common|misc|managers?|services?|index)(\/|\.tsx?$)/;

function checkNames(file: string): Complaint[] {
  const match = emptyNames.exec(file);
  return match ? [{ file, line: 1, message: `"${match[2]}" says nothing: name the file for its subject.` }] : [];
}

/** A URL typed into a page breaks silently when it moves. */
function checkUrls(file: string, source: string): Complaint[] {
  if (!/^(app|lib)\//.test(file) || isTest(file) || file === "lib/paths.ts") return [];
  const complaints: Complaint[] = [];
  for (const [index, line] of source.split("\n").entries()) {
    if (/^\s*(\/\/|\/?\*)/.test(line) || /basePath/.test(line)) continue;
    if (/["'`]\/(en|zh-CN|api)\//.test(line))
      complaints.push({ file, line: index + 1, message: "write URLs through lib/paths.ts." });
  }
  return complaints;
}

/** The table itself: rooms that exist, no two that need each other. */
export function checkTable(table: Readonly<Record<string, readonly string[]>> = rooms): Complaint[] {
  const complain = (message: string): Complaint => ({ file: "lib/rooms.ts", line: 1, message });
  const unknown = Object.entries(table).flatMap(([room, others]) =>
    others
      .filter((other) => !(other in table))
      .map((other) => complain(`"${room}" allows "${other}", which is no room.`)),
  );
  const cyclic = Object.keys(table).filter((room) => reaches(table, room, room));
  return [...unknown, ...cyclic.map((room) => complain(`room "${room}" can reach itself through its imports.`))];
}

function reaches(table: Readonly<Record<string, readonly string[]>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const visit = (room: string): boolean =>
    (table[room] ?? []).some((next) => next === to || (!seen.has(next) && seen.add(next) && visit(next)));
  return visit(from);
}
