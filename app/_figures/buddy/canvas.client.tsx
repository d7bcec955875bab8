"use client";
// The picture in the browser: drawn at its real width, each block reachable by click and, through an HTML mirror, by keyboard.
import { type KeyboardEvent, type MouseEvent, type ReactNode, useMemo, useRef, useState } from "react";
import { announce } from "@/app/_shell/announce.client";
import type { MirrorItem } from "../define";
import { useWidth } from "../use-width.client";
import type { FigureWords } from "../words";
import { buddyPfn, type DrawnState, runsOf } from "./blocks";
import { buddyFigure } from "./buddy";
import { TwoPictures } from "./buddy-figure";
import { BuddyPicture } from "./picture";
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
  const [ref, width] = useWidth<HTMLDivElement>();
  const [selectedKey, setSelectedKey] = useState<string | null>(null);
  const enterButton = useRef<HTMLButtonElement>(null);
  const tree = useRef<HTMLDivElement>(null);
  const selected = useMemo(() => selectionOf(state, selectedKey), [state, selectedKey]);
  const scene = useMemo(
    () => (width === null ? null : buddyFigure.layout(state, width, words, { ...options, selected })),
    [state, width, words, options, selected],
  );
  const gliding = useMemo(
    () => (scene && from ? glidingBoxes(buddyFigure.layout(from, scene.width, words, options), scene) : undefined),
    [scene, from, words, options],
  );
  const items = useMemo(() => (scene ? buddyFigure.mirror(state, scene, words) : []), [state, scene, words]);
  const detail = items.find((item) => item.key === selectedKey)?.detail;

  const pick = (item: MirrorItem) => {
    setSelectedKey(item.key);
    announce(item.detail);
    onPick?.(Number(item.key));
  };
  const clickAt = (event: MouseEvent<HTMLDivElement>) => {
    if (!scene) return;
    const place = event.currentTarget.getBoundingClientRect();
    const item = itemAt(scene, items, event.clientX - place.left, event.clientY - place.top);
    if (item) pick(item);
    else setSelectedKey(null);
  };
  const focusItem = (index: number) => {
    (tree.current?.children[Math.max(0, Math.min(items.length - 1, index))] as HTMLElement | undefined)?.focus();
  };
  const enter = () => {
    const about = options?.current?.[0]?.pfn;
    focusItem(about === undefined ? 0 : items.findLastIndex((item) => Number(item.key) <= about));
  };
  const keyOnItem = (event: KeyboardEvent<HTMLDivElement>, index: number) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
    const act: Readonly<Record<string, () => void>> = {
      ArrowRight: () => focusItem(index + 1),
      ArrowDown: () => focusItem(index + 1),
      ArrowLeft: () => focusItem(index - 1),
      ArrowUp: () => focusItem(index - 1),
      Home: () => focusItem(0),
      End: () => focusItem(items.length - 1),
      Enter: () => pick(items[index]!),
      " ": () => pick(items[index]!),
      Escape: () => {
        setSelectedKey(null);
        enterButton.current?.focus();
      },
    };
    const own = act[event.key];
    if (!own) return;
    event.preventDefault();
    event.stopPropagation();
    own();
  };

  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the mirror below is the keyboard's way */}
      <div ref={ref} className="fig-canvas" onClick={clickAt}>
        {scene ? (
          <BuddyPicture id={id} scene={scene} gliding={gliding} />
        ) : (
          <TwoPictures id={id} state={state} words={words} options={options} />
        )}
        <div ref={tree} className="fig-mirror" role="tree" aria-label={words("treeLabel")}>
          {items.map((item, index) => (
            <div
              key={item.key}
              role="treeitem"
              tabIndex={-1}
              aria-level={item.level}
              aria-selected={item.key === selectedKey}
              style={{ left: item.box.x, top: item.box.y, width: item.box.width, height: item.box.height }}
              onKeyDown={(event) => keyOnItem(event, index)}
            >
              {item.label}
            </div>
          ))}
        </div>
      </div>
      {children}
      <p className="fig-detail">
        <button
          ref={enterButton}
          type="button"
          className="fig-link fig-enter"
          title={words("enterHint")}
          onClick={enter}
        >
          {words("enterDiagram")}
        </button>
        <span>{detail ?? words("enterHint")}</span>
      </p>
    </>
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

/** Never more than four things move at once; the eye cannot follow more. */
const mostGliding = 4;

function glidingBoxes(before: Scene, after: Scene): Set<string> {
  const places = new Map(before.boxes.map((box) => [box.key, box]));
  const moved = after.boxes.filter((box) => {
    const old = places.get(box.key);
    return old && (Math.abs(old.x - box.x) > 1 || Math.abs(old.y - box.y) > 1);
  });
  return new Set(moved.slice(0, mostGliding).map((box) => box.key));
}
