"use client";
// The line between two columns: dragged, or moved with arrow keys; Enter folds its column away (APG window splitter).
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { useTranslations } from "use-intl/react";
import { keyOnSplitter, type Layout, presets, resize } from "./layout";

interface SplitterProps {
  readonly column: keyof Layout;
  readonly controls: string;
  readonly layout: Layout;
  readonly onChange: (layout: Layout) => void;
}

export function Splitter({ column, controls, layout, onChange }: SplitterProps) {
  const t = useTranslations("workspace");
  const dragging = useRef(false);
  const width = layout[column];
  const unfolded = useRef<number>(presets.balanced[column]);
  if (width > 0) unfolded.current = width;

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const next = keyOnSplitter(layout, column, event.key, unfolded.current);
    if (!next) return;
    event.preventDefault();
    onChange(next);
  }

  function onPointerMove(event: PointerEvent<HTMLElement>) {
    if (!dragging.current) return;
    const box = event.currentTarget.parentElement!.getBoundingClientRect();
    const from = column === "read" ? event.clientX - box.left : box.right - event.clientX;
    onChange(resize(layout, column, (100 * from) / box.width));
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a window splitter is a focusable separator; <hr> is the other kind
    <div
      role="separator"
      tabIndex={0}
      className="splitter"
      data-column={column}
      aria-orientation="vertical"
      aria-label={t(`layout.${column}`)}
      aria-controls={controls}
      aria-valuemin={0}
      aria-valuemax={65}
      aria-valuenow={width}
      aria-valuetext={width === 0 ? t("layout.valueFolded") : t("layout.value", { width })}
      onKeyDown={onKeyDown}
      onDoubleClick={() => onChange(keyOnSplitter(layout, column, "Enter", unfolded.current)!)}
      onPointerDown={(event) => {
        dragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        dragging.current = false;
      }}
    />
  );
}
