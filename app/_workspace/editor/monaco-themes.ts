// Colours of the full editor: ours, because the stock dark theme's comments are too faint (WCAG 1.4.3). Grounds as in tokens.css.
import type { editor } from "monaco-editor/editor";

export type EditorTheme = "pagewalk-light" | "pagewalk-dark" | "hc-light" | "hc-black";

/** Token colours, at least 4.5:1 on their ground (#ffffff, #16181d) and on the current line. */
const palette = {
  light: {
    ground: "ffffff",
    ink: "1f2328",
    comment: "4f6b2e",
    keyword: "a1127f",
    string: "8a4b00",
    number: "00619a",
    type: "00694d",
    soft: "5b616b",
    line: "f3f5f8",
    selection: "bfe0f5",
  },
  dark: {
    ground: "16181d",
    ink: "e8eaed",
    comment: "8fbf77",
    keyword: "e39ad0",
    string: "f0b072",
    number: "7cc4f2",
    type: "5fd3ab",
    soft: "9aa2ad",
    line: "1e2127",
    selection: "1f4a66",
  },
} as const;

export function themeData(kind: keyof typeof palette): editor.IStandaloneThemeData {
  const c = palette[kind];
  return {
    base: kind === "light" ? "vs" : "vs-dark",
    inherit: true,
    rules: [
      { token: "", foreground: c.ink, background: c.ground },
      { token: "comment", foreground: c.comment },
      { token: "keyword", foreground: c.keyword },
      { token: "string", foreground: c.string },
      { token: "regexp", foreground: c.string },
      { token: "number", foreground: c.number },
      { token: "type", foreground: c.type },
      { token: "delimiter", foreground: c.ink },
      { token: "identifier", foreground: c.ink },
    ],
    colors: {
      "editor.background": `#${c.ground}`,
      "editor.foreground": `#${c.ink}`,
      "editorLineNumber.foreground": `#${c.soft}`,
      "editorLineNumber.activeForeground": `#${c.ink}`,
      "editor.lineHighlightBackground": `#${c.line}`,
      "editor.lineHighlightBorder": "#00000000",
      "editor.selectionBackground": `#${c.selection}`,
      "editorBracketHighlight.foreground1": `#${c.ink}`,
      "editorBracketHighlight.foreground2": `#${c.number}`,
      "editorBracketHighlight.foreground3": `#${c.keyword}`,
      "editorCursor.foreground": `#${c.ink}`,
      focusBorder: `#${c.number}`,
    },
  };
}

/** The editor's theme for the page's: data-theme on <html>, and what the system asks for. */
export function currentTheme(): EditorTheme {
  const chosen = document.documentElement.dataset.theme;
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  const contrast = chosen === "contrast" || matchMedia("(prefers-contrast: more)").matches;
  if (contrast) return dark ? "hc-black" : "hc-light";
  return dark ? "pagewalk-dark" : "pagewalk-light";
}

/** Calls back whenever the page's theme may have changed, until the returned function is called. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const queries = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener("change", changed);
  };
}
