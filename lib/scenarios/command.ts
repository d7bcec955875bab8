// Commands as text and as data: `alloc kernel 2` is `{ op: "alloc", gfp: "kernel", order: 2 }`, in both directions.
// Theory: the table of commands is the grammar, so parsing, completion, labels and links cannot disagree.
import { hex } from "./hex";
import type { AnyOp, Parameter } from "./scenario";

/** The table of commands with its types forgotten. */
export type Grammar = Readonly<Record<string, Readonly<Record<string, Parameter>>>>;

/** Commands of every console, whatever it operates. */
export const plainCommands = ["undo", "redo", "reset", "help"] as const;
const countedCommands = ["random", "repeat"] as const;
export const mostRepeats = 200;

export type Line =
  | { readonly kind: "empty" }
  | { readonly kind: "op"; readonly op: AnyOp; readonly times: number }
  | { readonly kind: "plain"; readonly name: (typeof plainCommands)[number] }
  | { readonly kind: "random"; readonly length: number; readonly seed: number | null }
  | { readonly kind: "mistake"; readonly mistake: Mistake };

export type Mistake =
  | { readonly key: "unknownCommand"; readonly args: { readonly word: string } }
  | { readonly key: "needsArgument"; readonly args: { readonly word: string; readonly usage: string } }
  | { readonly key: "badArgument"; readonly args: { readonly value: string; readonly usage: string } }
  | {
      readonly key: "outOfRange";
      readonly args: { readonly value: string; readonly least: string; readonly most: string };
    };

/** Chinese input methods leave full-width digits and spaces behind: they mean the same. */
function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKC").trim().toLowerCase();
  return plain === "" ? [] : plain.split(/\s+/);
}

export function parseLine(grammar: Grammar, text: string): Line {
  const [name, ...rest] = wordsOf(text);
  if (name === undefined) return { kind: "empty" };
  const known = plainCommands.find((each) => each === name);
  if (known !== undefined) {
    return rest.length > 0 ? badArgument(rest[0]!, known) : { kind: "plain", name: known };
  }
  if (name === "random") return parseRandom(rest);
  if (name !== "repeat") {
    const op = parseOp(grammar, text);
    return "key" in op ? { kind: "mistake", mistake: op } : { kind: "op", op, times: 1 };
  }
  const times = Number(rest[0]);
  if (!/^\d{1,3}$/.test(rest[0] ?? "") || times < 1 || times > mostRepeats)
    return badArgument(rest[0] ?? "", usageOf(grammar, name));
  const op = parseOp(grammar, rest.slice(1).join(" "));
  return "key" in op ? { kind: "mistake", mistake: op } : { kind: "op", op, times };
}

function parseRandom(rest: readonly string[]): Line {
  const wrong = rest.find((word) => !/^\d{1,9}$/.test(word)) ?? rest[2];
  if (wrong !== undefined) return badArgument(wrong, "random COUNT SEED");
  const length = Math.max(1, Math.min(mostRepeats, Number(rest[0] ?? 20)));
  return { kind: "random", length, seed: rest[1] === undefined ? null : Number(rest[1]) };
}

function badArgument(value: string, usage: string): Line {
  return { kind: "mistake", mistake: { key: "badArgument", args: { value, usage } } };
}

/** The operation that one command line means, or what is wrong with it. */
export function parseOp(grammar: Grammar, text: string): AnyOp | Mistake {
  const [name = "", ...rest] = wordsOf(text);
  const parameters = Object.hasOwn(grammar, name) ? grammar[name] : undefined;
  if (!parameters) return { key: "unknownCommand", args: { word: name } };
  const usage = usageOf(grammar, name);
  const op: Record<string, string | number> & AnyOp = { op: name };
  const names = Object.keys(parameters);
  if (rest.length > names.length) return { key: "badArgument", args: { value: rest[names.length]!, usage } };
  for (const [at, parameter] of names.entries()) {
    const kind = parameters[parameter]!;
    const word = rest[at];
    const value = word === undefined ? kind.default : read(kind, word);
    if (word === undefined && value === undefined) return { key: "needsArgument", args: { word: name, usage } };
    if (value === undefined) return { key: "badArgument", args: { value: word!, usage } };
    if (kind.kind === "number" && (Number(value) < kind.least || Number(value) > kind.most)) {
      const [least, most] = [spell(kind, kind.least), spell(kind, kind.most)];
      return { key: "outOfRange", args: { value: word!, least, most } };
    }
    op[parameter] = value;
  }
  return op;
}

function read(parameter: Parameter, word: string): string | number | undefined {
  if (parameter.kind === "choice") return parameter.options.find((option) => option.toLowerCase() === word);
  const digits = word.replaceAll("_", "");
  if (/^-?\d{1,15}$/.test(digits) || /^0x[0-9a-f]{1,13}$/.test(digits)) return Number(digits);
  return undefined;
}

function spell(parameter: Parameter, value: string | number): string {
  if (parameter.kind === "number" && parameter.hex && typeof value === "number") return hex(value);
  return String(value);
}

/** `alloc GFP ORDER`; what may be left out stands in brackets. */
export function usageOf(grammar: Grammar, name: string): string {
  if (name === "repeat") return "repeat COUNT COMMAND";
  const parameters = Object.entries(grammar[name] ?? {}).map(([parameter, kind]) =>
    kind.default === undefined ? parameter.toUpperCase() : `[${parameter.toUpperCase()}]`,
  );
  return [name, ...parameters].join(" ");
}

/** The shortest line that means this operation; the same in every language. */
export function lineOf(grammar: Grammar, op: AnyOp): string {
  const values = op as AnyOp & Readonly<Record<string, string | number>>;
  const words = Object.entries(grammar[op.op] ?? {}).map(([name, kind]) => ({ kind, value: values[name]! }));
  while (words.length > 0 && words.at(-1)!.value === words.at(-1)!.kind.default) words.pop();
  return [op.op, ...words.map(({ kind, value }) => spell(kind, value))].join(" ");
}

/** What the line could become. `suggest` gives likely values of a parameter. */
export function completions(
  grammar: Grammar,
  text: string,
  suggest: (op: string, parameter: string) => readonly (string | number)[],
): string[] {
  const typed = text.normalize("NFKC").trimStart().toLowerCase();
  const words = typed.split(/\s+/);
  const name = words[0] ?? "";
  const inArguments = words.length > 1 || !/\s$/.test(typed);
  const names = [...Object.keys(grammar), ...plainCommands, ...countedCommands];
  const openings = names.filter((each) => each.startsWith(name)).flatMap((each) => expand(each, []));
  const deeper = words.length > 1 && inArguments ? expand(name, words.slice(1, -1)) : [];
  const candidates = [...(words.length > 1 ? deeper : openings)].map((each) => each.trimEnd());
  return [...new Set(candidates)].filter((each) => each.startsWith(typed) && each !== typed.trimEnd());

  /** Lines that go on with every likely value of the next parameter, completed with the first of each later one. */
  function expand(command: string, given: readonly string[]): string[] {
    const parameters = Object.entries(grammar[command] ?? {});
    const next = parameters[given.length];
    const head = [command, ...given].join(" ");
    if (!next) return given.length > 0 ? [] : [head];
    return likely(command, next).map((value) => {
      const rest = parameters.slice(given.length + 1).flatMap((parameter) => {
        const [first] = parameter[1].default === undefined ? likely(command, parameter) : [];
        return first === undefined ? [] : [first];
      });
      return [head, value, ...rest].join(" ");
    });
  }

  function likely(command: string, [name, kind]: readonly [string, Parameter]): string[] {
    const values = suggest(command, name);
    if (values.length > 0) return values.map((value) => spell(kind, value));
    if (kind.kind === "choice") return [...kind.options];
    return [kind.default ?? kind.least].map((value) => spell(kind, value));
  }
}
