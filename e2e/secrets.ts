// What must never reach a browser: solutions, mutants, hidden traces. Found by content, not by file name.
// Theory: quotes, backslashes, white space and markup are dropped from both sides, so that a line is found in whatever wrapping
//         it travels: source, JSON, JSON inside a script, highlighted HTML. A line that the starter, the prompt, the hints or
//         the lesson also show is no secret.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export interface Secret {
  /** File and, for a trace, its name: what a failing journey prints. */
  readonly origin: string;
  readonly text: string;
}

/** Shorter ones, such as a closing brace with a return, stand in anybody's code. */
const shortest = 24;

export function bare(text: string): string {
  return text
    .replaceAll("&quot;", "")
    .replaceAll("&#x27;", "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/\\u003c/gi, "<")
    .replace(/\\u003e/gi, ">")
    .replace(/\\u0026/gi, "&")
    .replace(/["'`\\\s]/g, "");
}

/** The files below a folder whose paths, relative to it, match. Not fs.globSync: Node 20 has none. */
export function filesBelow(root: string, wanted: RegExp): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  return files.filter((file) => wanted.test(file.replaceAll(path.sep, "/"))).sort();
}

/** Highlighted code is cut into spans; the text between the tags is what a reader would copy. */
const withoutTags = (text: string): string => text.replace(/<\/?span[^>]*>/g, "");

export function leaksIn(body: string, secrets: readonly Secret[]): string[] {
  const faces = [bare(body)];
  if (body.includes("<span")) faces.push(bare(withoutTags(body)));
  return secrets
    .filter(({ text }) => faces.some((face) => face.includes(text)))
    .map(({ origin, text }) => `${origin}: ${text}`);
}

/** All secrets of the course. */
export function courseSecrets(root = path.resolve("exercises")): Secret[] {
  const read = (file: string) => readFileSync(path.join(root, file), "utf8");
  const open = filesBelow(root, /(\/starter\.\w+|\.md|\/figures\.json|\/questions\.json)$/).map(read);
  const shown = bare(open.join("\n"));
  const lines = filesBelow(root, /\/solution[^/]*$|\/mutants\//).flatMap((file) => secretLines(file, read(file)));
  const traces = filesBelow(root, /\/traces\.json$/).flatMap((file) => secretTraces(file, read(file)));
  const found = [...lines, ...traces].filter(({ text }) => text.length >= shortest && !shown.includes(text));
  // A line that several solutions share is one secret.
  return [...new Map(found.map((secret) => [secret.text, secret])).values()];
}

function secretLines(file: string, source: string): Secret[] {
  // The comment in front of a mutant is the sentence that a learner who made the mistake is told.
  const code = source.split("\n").filter((line) => !/^\s*(\/\/|import )/.test(line));
  return code.map((line) => ({ origin: file, text: bare(line) }));
}

interface TracesFile {
  readonly visible: readonly { readonly ops: unknown }[];
  readonly hidden: readonly { readonly name: string; readonly ops: unknown }[];
}

function secretTraces(file: string, source: string): Secret[] {
  const { visible, hidden } = JSON.parse(source) as TracesFile;
  const open = bare(JSON.stringify(visible.map(({ ops }) => ops)));
  return hidden
    .map(({ name, ops }) => ({ origin: `${file} ${name}`, text: bare(JSON.stringify(ops)).slice(1, -1) }))
    .filter(({ text }) => !open.includes(text));
}

/** Names of hidden traces and of mutants: a learner meets the one that caught them, nobody finds a list of them. */
export function secretNames(root = path.resolve("exercises")): Secret[] {
  const mutants = filesBelow(root, /\/mutants\//).map((file) => ({ origin: file, text: path.parse(file).name }));
  const traces = filesBelow(root, /\/traces\.json$/).flatMap((file) => {
    const { hidden } = JSON.parse(readFileSync(path.join(root, file), "utf8")) as TracesFile;
    return hidden.map(({ name }) => ({ origin: `${file} ${name}`, text: name }));
  });
  // A name of one word is a word that any text may hold.
  return [...mutants, ...traces].filter(({ text }) => text.split("-").length >= 3);
}
