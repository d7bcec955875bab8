"use client";
// The picture in the browser: drawn at its real width, each thing in it reachable by click and, through an HTML mirror, by keyboard.
import { type KeyboardEvent, type MouseEvent, type ReactNode, useMemo, useRef, useState } from "react";
import { announce } from "@/app/_shell/announce.client";
import type { MirrorItem } from "./define";
import { glidingBoxes } from "./gliding";
import { Picture } from "./picture";
import { ringAround, type Scene } from "./scene";
import { TwoPictures } from "./two-pictures";
import { useWidth } from "./use-width.client";
import type { FigureWords } from "./words";

interface CanvasProps<S extends Scene> {
  readonly id: string;
  /** Stable while nothing changes: the picture is drawn again when this function is another one. */
  readonly draw: (width: number, selected: string | null) => S;
  /** The picture of the step before, if the step to this one may be animated. */
  readonly drawBefore?: ((width: number) => Scene) | null;
  readonly items: (scene: S) => readonly MirrorItem[];
  readonly words: FigureWords;
  /** What the items are, for those who cannot see them. */
  readonly treeLabel: string;
  /** What keys do in there. */
  readonly hint: string;
  /** The item that the step is about: where Enter lands. Default: the first with a ring of the current step on it. */
  readonly about?: (items: readonly MirrorItem[]) => number;
  /** The item under a point; default the smallest one whose box holds it. */
  readonly hit?: (scene: S, items: readonly MirrorItem[], x: number, y: number) => MirrorItem | undefined;
  /** What click and Enter do beside describing the item. */
  readonly onPick?: (key: string) => void;
  /** The picture rings what is selected itself. */
  readonly ringsItself?: true;
  /** What stands between the picture and the line that describes an item: sentence and controls. */
  readonly children?: ReactNode;
}

export function Canvas<S extends Scene>(props: CanvasProps<S>) {
  const {
    id,
    draw,
    drawBefore,
    items: itemsOf,
    words,
    treeLabel,
    hint,
    about,
    hit = itemAt,
    onPick,
    ringsItself,
    children,
  } = props;
  const [ref, width] = useWidth<HTMLDivElement>();
  const [selected, setSelected] = useState<string | null>(null);
  const enterButton = useRef<HTMLButtonElement>(null);
  const tree = useRef<HTMLDivElement>(null);
  const scene = useMemo(() => (width === null ? null : draw(width, selected)), [width, draw, selected]);
  const gliding = useMemo(
    () => (scene && drawBefore ? glidingBoxes(drawBefore(scene.width), scene) : undefined),
    [scene, drawBefore],
  );
  const items = useMemo(() => (scene ? itemsOf(scene) : []), [scene, itemsOf]);
  const chosen = items.find((item) => item.key === selected);
  const shown =
    scene && chosen && !ringsItself ? { ...scene, rings: [...scene.rings, ringAround(chosen.box, "selected")] } : scene;

  const pick = (item: MirrorItem) => {
    setSelected(item.key);
    announce(item.detail);
    onPick?.(item.key);
  };
  const clickAt = (event: MouseEvent<HTMLDivElement>) => {
    if (!scene) return;
    const place = event.currentTarget.getBoundingClientRect();
    const item = hit(scene, items, event.clientX - place.left, event.clientY - place.top);
    if (item) pick(item);
    else setSelected(null);
  };
  const focusItem = (index: number) => {
    (tree.current?.children[Math.max(0, Math.min(items.length - 1, index))] as HTMLElement | undefined)?.focus();
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
        setSelected(null);
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
        {shown ? (
          <Picture id={id} scene={shown} gliding={gliding} />
        ) : (
          <TwoPictures id={id} draw={(at) => draw(at, null)} />
        )}
        <div ref={tree} className="fig-mirror" role="tree" aria-label={treeLabel}>
          {items.map((item, index) => (
            <div
              key={item.key}
              role="treeitem"
              tabIndex={-1}
              aria-level={item.level}
              aria-selected={item.key === selected}
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
          title={hint}
          onClick={() => focusItem(about ? about(items) : ringed(scene, items))}
        >
          {words("enterDiagram")}
        </button>
        <span>{chosen?.detail ?? hint}</span>
      </p>
    </>
  );
}

function ringed(scene: Scene | null, items: readonly MirrorItem[]): number {
  const ring = scene?.rings.find(({ look }) => look === "current");
  const at = ring ? items.findIndex(({ box }) => Math.abs(box.x - ring.x) <= 4 && Math.abs(box.y - ring.y) <= 4) : 0;
  return Math.max(0, at);
}

function itemAt(_: Scene, items: readonly MirrorItem[], x: number, y: number): MirrorItem | undefined {
  const under = items.filter(
    ({ box }) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height,
  );
  const area = ({ box }: MirrorItem) => box.width * box.height;
  return under.length === 0 ? undefined : under.reduce((best, item) => (area(item) < area(best) ? item : best));
}
