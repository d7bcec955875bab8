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
  const card = useRef<HTMLSpanElement>(null);
  const [dismissed, setDismissed] = useState(false);
  const [shift, setShift] = useState(0);

  function open() {
    setDismissed(false);
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
  }

  return (
    <span className="term" data-tone={props.tone} data-term={props.id} data-dismissed={dismissed} onPointerEnter={open}>
      <button
        type="button"
        className="term-word"
        aria-describedby={cardId}
        onFocus={open}
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
