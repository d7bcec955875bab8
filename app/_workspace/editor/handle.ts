// What the workspace may ask of an editor, plain or full: both answer alike, so the one can take the other's place.

/** A remark at a place of the file; 1-based. */
export interface Mark {
  readonly line: number;
  readonly column: number | null;
  readonly message: string;
}

/** What must survive a swap of editors. */
export interface EditorView {
  readonly text: string;
  readonly selection: readonly [number, number];
  readonly scrollTop: number;
  readonly focused: boolean;
}

/** What the status line shows. */
export interface EditorStatus {
  readonly line: number;
  readonly column: number;
  /** True: Tab goes to the next control. False: it indents. */
  readonly tabMoves: boolean;
  readonly typescript: "off" | "starting" | "ready";
}

/** What any field for the learner's text can do. */
export interface TextHandle {
  /** Replaces the whole text as one step that Ctrl+Z takes back. */
  replace(text: string): void;
  /** Selects nothing, scrolls to the line and marks it for a moment. */
  reveal(line: number, column: number | null): void;
  focus(): void;
}

export interface EditorHandle extends TextHandle {
  value(): string;
  view(): EditorView;
  /** Types the text in the place of the selection. */
  insert(text: string): void;
  indent(direction: 1 | -1): void;
  setMarks(marks: readonly Mark[]): void;
  toggleTabMoves(): void;
}

/** The full editor lives outside React: what the plain one reads from its props, this one is told. */
export interface FullEditorHandle extends EditorHandle {
  setReadOnly(readOnly: boolean): void;
  setFontSize(pixels: number): void;
  dispose(): void;
}

export interface EditorEvents {
  onChange(text: string): void;
  onStatus(status: EditorStatus): void;
}

export const lineHeightOf = (fontSize: number): number => Math.round(fontSize * 1.5);
/** Width of the line numbers, and space above the first line: the same in every form of the editor, so that nothing moves. */
export const gutterWidth = 52;
export const paddingTop = 8;
