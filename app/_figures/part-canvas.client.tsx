"use client";
// One moment of a part in the browser: its picture, with what is special to parts taken care of.
import { type ReactNode, useCallback } from "react";
import { Canvas } from "./canvas.client";
import type { AnyMoment, AnyPart } from "./part";
import type { Scene } from "./scene";
import type { PartWords } from "./use-part-words.client";

interface PartCanvasProps {
  readonly part: AnyPart;
  readonly id: string;
  readonly moment: AnyMoment;
  /** One step earlier; null after a jump. */
  readonly before: AnyMoment | null;
  readonly words: PartWords;
  readonly onPick?: (key: string) => void;
  readonly children?: ReactNode;
}

export function PartCanvas({ part, id, moment, before, words: { words, shared }, onPick, children }: PartCanvasProps) {
  const { figure } = part;
  const draw = useCallback(
    (width: number) => figure.layout(moment, width, words, before?.state ?? null),
    [figure, moment, before, words],
  );
  const drawBefore = useCallback(
    (width: number) => figure.layout(before ?? moment, width, words, null),
    [figure, moment, before, words],
  );
  const items = useCallback((scene: Scene) => figure.mirror(moment.state, scene, words), [figure, moment, words]);
  return (
    <Canvas
      id={id}
      draw={draw}
      drawBefore={before ? drawBefore : null}
      items={items}
      words={shared}
      treeLabel={words("tree")}
      hint={shared("enterHintPart")}
      onPick={onPick}
    >
      {children}
    </Canvas>
  );
}
