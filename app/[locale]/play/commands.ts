// The playground's command line as data: what somebody typed becomes a command, a completion or a sentence about the mistake.

export type Command =
  | { readonly name: "alloc"; readonly order: number; readonly temperature: "hot" | "cold" }
  | { readonly name: "free"; readonly pfn: number; readonly temperature: "hot" | "cold" }
  | { readonly name: "free-all"; readonly which: "all" | "every-second" }
  | { readonly name: "fill"; readonly order: number }
  | { readonly name: "random"; readonly length: number; readonly seed: number | null }
  | { readonly name: "undo" | "redo" | "reset" | "check" | "buddyinfo" | "drain" | "help" };

export type Parsed =
  | { readonly kind: "empty" }
  | { readonly kind: "command"; readonly command: Command }
  | {
      readonly kind: "mistake";
      readonly key: "unknownCommand" | "needsOrder" | "needsPage" | "badArguments";
      readonly word: string;
    };

const plain = ["undo", "redo", "reset", "check", "buddyinfo", "drain", "help"] as const;
export const commandNames = ["alloc", "free", "fill", "random", ...plain] as const;

/** Chinese input methods leave full-width digits and spaces behind: they mean the same. */
function normalise(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase();
}

export function parseCommand(text: string): Parsed {
  const [name = "", ...rest] = normalise(text).split(/\s+/);
  if (name === "") return { kind: "empty" };
  const cold = rest.at(-1) === "cold";
  const temperature = cold ? "cold" : "hot";
  const args = cold || rest.at(-1) === "hot" ? rest.slice(0, -1) : rest;
  const [first] = args;
  switch (name) {
    case "alloc": {
      const order = countIn(first);
      return order === null || args.length !== 1 ? mistake("needsOrder", name) : command({ name, order, temperature });
    }
    case "free": {
      if (rest.length === 1 && first === "all") return command({ name: "free-all", which: "all" });
      if (rest.length === 1 && first === "every-second") return command({ name: "free-all", which: "every-second" });
      const pfn = countIn(first);
      return pfn === null || args.length !== 1 ? mistake("needsPage", name) : command({ name, pfn, temperature });
    }
    case "fill": {
      const order = first === undefined ? 0 : countIn(first);
      return order === null || rest.length > 1 ? mistake("needsOrder", name) : command({ name, order });
    }
    case "random": {
      const length = first === undefined ? 20 : countIn(first);
      const seed = args[1] === undefined ? null : countIn(args[1]);
      const wrong = length === null || length === 0 || rest.length > 2 || (args[1] !== undefined && seed === null);
      return wrong ? mistake("badArguments", name) : command({ name, length, seed });
    }
    default: {
      const known = plain.find((each) => each === name);
      if (known === undefined) return mistake("unknownCommand", name);
      return rest.length > 0 ? mistake("badArguments", name) : command({ name: known });
    }
  }
}

function command(each: Command): Parsed {
  return { kind: "command", command: each };
}

function mistake(key: Extract<Parsed, { kind: "mistake" }>["key"], word: string): Parsed {
  return { kind: "mistake", key, word };
}

function countIn(word: string | undefined): number | null {
  return word !== undefined && /^\d{1,7}$/.test(word) ? Number(word) : null;
}

/** What the text could become: names of commands, then their likely arguments, with the blocks in use for `free`. */
export function completions(text: string, pagesInUse: readonly number[]): string[] {
  const typed = text.normalize("NFKC").trimStart().toLowerCase();
  const candidates = [
    ...commandNames.flatMap((name) => {
      if (name === "alloc") return [0, 1, 2, 3, 4].map((order) => `alloc ${order}`);
      if (name === "free") return [...pagesInUse.map((pfn) => `free ${pfn}`), "free all", "free every-second"];
      return [name];
    }),
  ];
  return candidates.filter((each) => each.startsWith(typed) && each !== typed.trimEnd());
}
