"use client";
// The full editor as part of the page. Comes with Monaco itself, so it is only ever imported on demand.
import { Editor, loader } from "@monaco-editor/react";
import * as monaco from "monaco-editor/editor";
import { useState } from "react";
import type { EditorView, FullEditorHandle } from "./handle";
import { adopt, constructionOptions, type FullEditorOptions, modelPath } from "./monaco.client";
import { currentTheme } from "./monaco-themes";

// Our own copy: left to itself the loader asks a server of strangers.
loader.config({ monaco: monaco as unknown as Parameters<typeof loader.config>[0]["monaco"] });

interface FullEditorProps {
  readonly options: FullEditorOptions;
  /** What the editor before it shows when this one is there. */
  readonly view: () => EditorView;
  readonly onReady: (handle: FullEditorHandle) => void;
}

export function FullEditor({ options, view, onReady }: FullEditorProps) {
  // As it was asked for: later changes are told to the handle, not made by building the editor anew.
  const [first] = useState(options);
  return (
    <Editor
      defaultLanguage="typescript"
      defaultPath={modelPath}
      defaultValue={first.text}
      theme={currentTheme()}
      options={constructionOptions(first)}
      loading={null}
      onMount={(code) => onReady(adopt(code, code.getContainerDomNode(), view(), first))}
    />
  );
}
