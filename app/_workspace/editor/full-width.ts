// Full-width punctuation in code: the commonest slip of someone who types with a Chinese input method.
// Theory: one pass that knows comments and strings, where such signs are welcome; in the rest each has one ASCII counterpart.

export interface Slip {
  /** Index of the sign in the text. */
  readonly at: number;
  readonly sign: string;
  readonly replacement: string;
}

const counterparts: Readonly<Record<string, string>> = {
  "；": ";",
  "，": ",",
  "（": "(",
  "）": ")",
  "：": ":",
  "｛": "{",
  "｝": "}",
  "［": "[",
  "］": "]",
  "【": "[",
  "】": "]",
  "。": ".",
  "！": "!",
  "？": "?",
  "＝": "=",
  "＋": "+",
  "－": "-",
  "＊": "*",
  "＜": "<",
  "＞": ">",
  "《": "<",
  "》": ">",
  "“": '"',
  "”": '"',
  "‘": "'",
  "’": "'",
  "、": ",",
  "\u3000": " ",
};

/** In the order of the text. */
export function fullWidthSlips(text: string): Slip[] {
  const slips: Slip[] = [];
  let at = 0;
  while (at < text.length) {
    const end = endOfPassage(text, at);
    if (end > at) {
      at = end;
      continue;
    }
    const sign = text[at]!;
    const replacement = counterparts[sign];
    if (replacement !== undefined) slips.push({ at, sign, replacement });
    at++;
  }
  return slips;
}

/** Where the comment or string that begins at `at` ends; `at` itself if none does. */
function endOfPassage(text: string, at: number): number {
  const upTo = (index: number, length: number) => (index === -1 ? text.length : index + length);
  if (text.startsWith("//", at)) return upTo(text.indexOf("\n", at), 0);
  if (text.startsWith("/*", at)) return upTo(text.indexOf("*/", at + 2), 2);
  const quote = text[at];
  if (quote !== '"' && quote !== "'" && quote !== "`") return at;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === quote) return i + 1;
    else if (text[i] === "\n" && quote !== "`") return i;
  }
  return text.length;
}

export function withoutSlips(text: string): string {
  let fixed = text;
  for (const { at, sign, replacement } of fullWidthSlips(text).reverse()) {
    fixed = fixed.slice(0, at) + replacement + fixed.slice(at + sign.length);
  }
  return fixed;
}
