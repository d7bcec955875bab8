// Fetches the full editor. A failed fetch is forgotten, so that the next call tries again.

type FullEditorModule = typeof import("./full-editor.client");

export async function loadFullEditor(locale: string): Promise<FullEditorModule> {
  // Monaco reads its words while it is being imported, so they must be there before.
  if (locale === "zh-CN") await import("monaco-editor/nls/lang/zh-cn");
  return import("./full-editor.client");
}
