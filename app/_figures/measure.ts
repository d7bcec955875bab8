// How wide a text will be, without a browser: good enough to decide whether a label fits its box.

/** Advance of one character of the figures' monospaced face, as a share of the font size; CJK characters are square. */
const latinAdvance = 0.61;

export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) ems += (character.codePointAt(0) ?? 0) >= 0x2e80 ? 1 : latinAdvance;
  return ems * fontSize;
}

/** A label is dropped, never shrunk, when its box is narrower than the text and 6 px of air. */
export function fits(text: string, fontSize: number, width: number): boolean {
  return textWidth(text, fontSize) + 6 <= width;
}
