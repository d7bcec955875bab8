// Full-width punctuation in the full editor: a warning at each sign, and a quick fix.
import { editor, type IDisposable, languages, MarkerSeverity, Range } from "monaco-editor/editor";
import { fullWidthSlips, withoutSlips } from "./full-width";

const owner = "full-width";
const pauseMs = 250;

export function watchSlips(
  model: editor.ITextModel,
  words: { message(sign: string, replacement: string): string; fixAll: string },
): IDisposable {
  const check = () => {
    const markers = fullWidthSlips(model.getValue()).map(({ at, sign, replacement }) => {
      const from = model.getPositionAt(at);
      return {
        severity: MarkerSeverity.Warning,
        message: words.message(sign, replacement),
        code: replacement,
        startLineNumber: from.lineNumber,
        startColumn: from.column,
        endLineNumber: from.lineNumber,
        endColumn: from.column + sign.length,
      };
    });
    editor.setModelMarkers(model, owner, markers);
  };
  let timer = setTimeout(check, pauseMs);
  const changes = model.onDidChangeContent(() => {
    clearTimeout(timer);
    timer = setTimeout(check, pauseMs);
  });
  const fixes = languages.registerCodeActionProvider("typescript", {
    provideCodeActions(target, _range, context) {
      // The full-width signs hide under TypeScript's own "invalid character" at the same place, so look at what the text says.
      const here = context.markers.length === 0 ? [] : editor.getModelMarkers({ resource: target.uri, owner });
      const touched = here.filter((slip) =>
        context.markers.some((marker) => Range.areIntersectingOrTouching(slip, marker)),
      );
      const edit = (range: Range, text: string) => ({
        resource: target.uri,
        versionId: target.getVersionId(),
        textEdit: { range, text },
      });
      const one = touched.slice(0, 1).map((slip) => ({
        title: slip.message,
        kind: "quickfix",
        isPreferred: true,
        diagnostics: [slip],
        edit: { edits: [edit(Range.lift(slip), String(slip.code))] },
      }));
      const all =
        touched.length > 0 && here.length > 1
          ? [
              {
                title: words.fixAll,
                kind: "quickfix",
                edit: { edits: [edit(target.getFullModelRange(), withoutSlips(target.getValue()))] },
              },
            ]
          : [];
      return { actions: [...one, ...all], dispose: () => undefined };
    },
  });
  return {
    dispose() {
      clearTimeout(timer);
      changes.dispose();
      fixes.dispose();
    },
  };
}
