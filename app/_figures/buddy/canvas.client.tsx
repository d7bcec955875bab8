"use client";
// The buddy picture in the browser: what is under the pointer is found by its page, and a selected block is ringed with its buddy.
import { type ReactNode, useCallback } from "react";
import { Canvas } from "../canvas.client";
import type { MirrorItem } from "../define";
import type { FigureWords } from "../words";
import { buddyPfn, type DrawnState, runsOf } from "./blocks";
import { buddyFigure } from "./buddy";
import type { BlockRef, BuddyOptions, Scene } from "./scene";

interface CanvasProps {
  readonly id: string;
  readonly state: DrawnState;
  /** The state just before, if the step to this one may be animated. */
  readonly from?: DrawnState | null;
  readonly words: FigureWords;
  readonly options?: BuddyOptions;
  /** What click and Enter do beside describing the block. */
  readonly onPick?: (pfn: number) => void;
  /** What stands between the picture and the line that describes a block: sentence and controls. */
  readonly children?: ReactNode;
}

export function BuddyCanvas({ id, state, from, words, options, onPick, children }: CanvasProps) {
  const draw = useCallback(
    (width: number, selected: string | null) =>
      buddyFigure.layout(state, width, words, { ...options, selected: selectionOf(state, selected) }),
    [state, words, options],
  );
  const drawBefore = useCallback(
    (width: number) => buddyFigure.layout(from ?? state, width, words, options),
    [from, state, words, options],
  );
  const items = useCallback((scene: Scene) => buddyFigure.mirror(state, scene, words), [state, words]);
  const current = options?.current?.[0]?.pfn;
  const about = (all: readonly MirrorItem[]) =>
    current === undefined ? 0 : all.findLastIndex((item) => Number(item.key) <= current);
  return (
    <Canvas
      id={id}
      draw={draw}
      drawBefore={from ? drawBefore : null}
      items={items}
      words={words}
      treeLabel={words("treeLabel")}
      hint={words("enterHint")}
      about={about}
      hit={itemAt}
      onPick={onPick && ((key) => onPick(Number(key)))}
      ringsItself
    >
      {children}
    </Canvas>
  );
}

/** The selected block and its buddy: both are ringed. */
function selectionOf(state: DrawnState, key: string | null): BlockRef[] {
  if (key === null) return [];
  const pfn = Number(key);
  const block = runsOf(state).find((run) => run.pfn === pfn && run.count === 1);
  if (!block || block.order === null) return [];
  const { order } = block;
  const buddy = buddyPfn(state, pfn, order);
  const inZone = buddy + 2 ** order <= state.startPfn + state.pages && order < state.freeLists.length - 1;
  return inZone
    ? [
        { pfn, order },
        { pfn: buddy, order },
      ]
    : [{ pfn, order }];
}

function itemAt(scene: Scene, items: readonly MirrorItem[], x: number, y: number): MirrorItem | undefined {
  const { scale, strip } = scene;
  if (x < scale.x || x > scale.x + scale.width || y > strip.y + strip.height + 16) return undefined;
  const pfn = scale.pfn + Math.floor(((x - scale.x) / scale.width) * scale.pages);
  return items.findLast((item) => Number(item.key) <= pfn);
}
