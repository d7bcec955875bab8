// Typing aids of the plain editor: where a new line begins and what Tab does. Pure, so that the textarea only applies them.

export interface Edit {
  /** Replaces text[from, to) by `insert`, then selects [select[0], select[1]). */
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly select: readonly [number, number];
}

const unit = "  ";

const lineStart = (text: string, at: number) => text.lastIndexOf("\n", at - 1) + 1;

/** Enter: the indentation of this line, one more after an opening bracket, and the closing bracket on a line of its own. */
export function newLine(text: string, from: number, to: number): Edit {
  const before = text.slice(lineStart(text, from), from);
  const indent = /^[ \t]*/.exec(before)![0];
  const opens = /[{([]\s*$/.test(before);
  const closes = opens && /^[ \t]*[})\]]/.test(text.slice(to));
  const insert = `\n${indent}${opens ? unit : ""}`;
  const caret = from + insert.length;
  return { from, to, insert: closes ? `${insert}\n${indent}` : insert, select: [caret, caret] };
}

/** Tab: two spaces at the caret, or every selected line one step in. */
export function indentMore(text: string, from: number, to: number): Edit {
  if (!text.slice(from, to).includes("\n"))
    return { from, to, insert: unit, select: [from + unit.length, from + unit.length] };
  return changeLines(text, from, to, (line) => (line === "" ? line : unit + line));
}

/** Shift+Tab: every line of the selection one step out. */
export function indentLess(text: string, from: number, to: number): Edit {
  return changeLines(text, from, to, (line) => line.replace(/^( {1,2}|\t)/, ""));
}

/** A closing bracket typed on an otherwise empty line moves one step out; null where it should simply be typed. */
export function closeBracket(text: string, from: number, to: number, bracket: string): Edit | null {
  const start = lineStart(text, from);
  const before = text.slice(start, from);
  if (from !== to || before === "" || before.trim() !== "") return null;
  const insert = before.replace(/( {1,2}|\t)$/, "") + bracket;
  return { from: start, to, insert, select: [start + insert.length, start + insert.length] };
}

function changeLines(text: string, from: number, to: number, change: (line: string) => string): Edit {
  const start = lineStart(text, from);
  const newline = text.indexOf("\n", to);
  const end = newline === -1 ? text.length : newline;
  const lines = text.slice(start, end).split("\n");
  const insert = lines.map(change).join("\n");
  const firstShift = change(lines[0]!).length - lines[0]!.length;
  return {
    from: start,
    to: end,
    insert,
    select: [Math.max(start, from + firstShift), to + insert.length - (end - start)],
  };
}
