"use client";
// A word of the field: coloured like its part in the figures, with a card on hover, focus or tap. Without JavaScript the card
// still opens (CSS); the script adds what CSS cannot: Escape closes it (WCAG 1.4.13), and it stays inside the window.
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import type { Tone } from "@/lib/words/glossary";

interface TermCardProps {
  readonly id: string;
  readonly tone: Tone;
  readonly icon: string;
  readonly title: string;
  readonly other: { readonly lang: string; readonly word: string };
  readonly definition: string;
  readonly kernel: string | null;
  readonly children: ReactNode;
}

export function TermCard(props: TermCardProps) {
  const cardId = useId();
  const root = useRef<HTMLSpanElement>(null);
  const card = useRef<HTMLSpanElement>(null);
  const [dismissed, setDismissed] = useState(false);
  const [shift, setShift] = useState(0);

  function open() {
    setDismissed(false);
    if (root.current) pointOut(root.current, props.tone);
    const box = card.current?.getBoundingClientRect();
    if (!box) return;
    const room = document.documentElement.clientWidth - 8;
    const left = box.left - shift;
    setShift(Math.round(Math.max(8 - left, Math.min(0, room - (left + box.width)))));
  }

  function close(event: KeyboardEvent) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    setDismissed(true);
    pointAtNothing();
  }

  return (
    <span
      className="term"
      ref={root}
      data-tone={props.tone}
      data-dismissed={dismissed}
      onPointerEnter={open}
      onPointerLeave={pointAtNothing}
    >
      <button
        type="button"
        className="term-word"
        aria-describedby={cardId}
        onFocus={open}
        onBlur={pointAtNothing}
        onClick={open}
        onKeyDown={close}
      >
        <span aria-hidden="true" className="term-icon">
          {props.icon}
        </span>
        {props.children}
      </button>
      <span role="tooltip" id={cardId} ref={card} className="term-card" style={{ "--shift": `${shift}px` } as object}>
        <span className="term-title">
          {props.title} <span lang={props.other.lang}>({props.other.word})</span>
        </span>
        <span>{props.definition}</span>
        {props.kernel && <code>{props.kernel}</code>}
      </span>
    </span>
  );
}

/** Lets the parts of that tone stand out in the nearest figure on the screen (lesson.css does the rest). */
function pointOut(word: Element, tone: Tone): void {
  pointAtNothing();
  if (tone === "idea") return;
  const { top } = word.getBoundingClientRect();
  const onScreen = [...document.querySelectorAll<HTMLElement>(".lesson-body .fig")]
    .map((figure) => ({ figure, box: figure.getBoundingClientRect() }))
    .filter(({ box }) => box.bottom > 0 && box.top < innerHeight)
    .sort((a, b) => Math.abs(a.box.top - top) - Math.abs(b.box.top - top));
  const [nearest] = onScreen;
  if (nearest) nearest.figure.dataset.pointed = tone;
}

function pointAtNothing(): void {
  for (const figure of document.querySelectorAll<HTMLElement>(".fig[data-pointed]")) delete figure.dataset.pointed;
}
