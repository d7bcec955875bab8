// Reading authored files. A mistake becomes a Problem with the file, the line and what to do; nothing here throws for content.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import { type Locale, locales, type Text } from "@/lib/words/text";
import type { Problem } from "./exercise";

/** One content folder, its files read at most once, and the problems found in it. */
export interface Folder {
  /** Path as an author would type it, e.g. `exercises/06-buddy`. */
  readonly name: string;
  readonly directory: string;
  readonly problems: Problem[];
}

export function openFolder(directory: string, root: string, problems: Problem[]): Folder {
  return { directory, name: path.relative(path.dirname(root), directory), problems };
}

export function subfolder(folder: Folder, name: string): Folder {
  return { ...folder, directory: path.join(folder.directory, name), name: path.posix.join(folder.name, name) };
}

export function report(folder: Folder, file: string, message: string, line: number | null = null): void {
  folder.problems.push({ file: path.posix.join(folder.name, file), line, message });
}

/** The names of the entries of one kind, sorted; empty if the folder does not exist. */
export async function entries(directory: string, kind: "file" | "folder"): Promise<string[]> {
  const found = await readdir(directory, { withFileTypes: true }).catch(nullIfMissing);
  return (found ?? [])
    .filter((entry) => (kind === "file" ? entry.isFile() : entry.isDirectory()) && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .sort();
}

/** The file's text, or null if there is none. */
export async function readText(folder: Folder, file: string): Promise<string | null> {
  return readFile(path.join(folder.directory, file), "utf8").catch(nullIfMissing);
}

/** The first of `files` that exists. Reports a problem and returns null if none does. */
export async function readRequired(folder: Folder, ...files: string[]): Promise<string | null> {
  for (const file of files) {
    const content = await readText(folder, file);
    if (content !== null) return content;
  }
  report(folder, files[0]!, `${files.join(" or ")} is missing: create it in ${folder.name}/.`);
  return null;
}

/** The parsed and checked JSON file, or null with a problem for each mistake in it. */
export async function readJson<S extends z.ZodType>(
  folder: Folder,
  file: string,
  schema: S,
): Promise<z.output<S> | null> {
  const content = await readRequired(folder, file);
  if (content === null) return null;
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report(folder, file, `This is not JSON: ${reason}.`, lineOfJsonError(content, reason));
    return null;
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const where = issue.path.map(String).join(".");
    report(folder, file, where ? `${where}: ${issue.message}.` : `${issue.message}.`, lineOfKey(content, issue.path));
  }
  return null;
}

/** `<base>.en.md` and `<base>.zh-CN.md`. A missing language is a problem and shows the other one's text meanwhile. */
export async function readProse(folder: Folder, base: string): Promise<Text | null> {
  const byLocale: Partial<Record<Locale, string>> = {};
  for (const locale of locales) byLocale[locale] = (await readText(folder, `${base}.${locale}.md`)) ?? undefined;
  const any = locales.map((locale) => byLocale[locale]).find((body) => body !== undefined);
  for (const locale of locales) {
    const file = `${base}.${locale}.md`;
    if (byLocale[locale] === undefined)
      report(folder, file, `${file} is missing: every text exists in every language.`);
  }
  if (any === undefined) return null;
  return { en: byLocale.en ?? any, "zh-CN": byLocale["zh-CN"] ?? any };
}

/** The `## ` sections of a Markdown file, each with its heading; text before the first heading belongs to none. */
export function sections(markdown: string): string[] {
  const found: string[] = [];
  let fenced = false;
  let current: string[] | null = null;
  for (const line of markdown.split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    if (!fenced && /^## /.test(line)) {
      if (current) found.push(current.join("\n").trim());
      current = [];
    }
    current?.push(line);
  }
  if (current) found.push(current.join("\n").trim());
  return found;
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
  throw error;
}

/** V8 names either a line or a character position, or (at the end of the input) neither. */
function lineOfJsonError(content: string, reason: string): number {
  const line = /line (\d+)/.exec(reason)?.[1];
  if (line) return Number(line);
  const position = /position (\d+)/.exec(reason)?.[1];
  return content.slice(0, position ? Number(position) : content.length).split("\n").length;
}

/** Where the innermost named key of the path stands, if it stands in the text at all. */
function lineOfKey(content: string, keys: readonly PropertyKey[]): number | null {
  let from = 0;
  let found = -1;
  for (const key of keys) {
    if (typeof key !== "string") continue;
    const at = content.indexOf(`"${key}"`, from);
    if (at < 0) break;
    found = at;
    from = at + key.length;
  }
  return found < 0 ? null : content.slice(0, found).split("\n").length;
}
