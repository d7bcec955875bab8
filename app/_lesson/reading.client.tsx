"use client";
// "On this page": the sections, the one being read, and (for signed-in readers) how far they have come.
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { rememberProgress } from "./remember.client";

export interface Section {
  readonly id: string;
  readonly depth: number;
  readonly text: string;
}

interface ReadingProps {
  readonly lesson: string;
  readonly sections: readonly Section[];
  readonly stored: boolean;
  /** Where the reader was last time; null at the first visit. */
  readonly reached: string | null;
}

/** A section counts as read after so long on the screen, not when somebody scrolls past it. */
const dwellMs = 3000;

export function OnThisPage({ lesson, sections, stored, reached }: ReadingProps) {
  const t = useTranslations("lesson");
  const [current, setCurrent] = useState<string | null>(null);
  const furthest = useRef(sections.findIndex((section) => section.id === reached));

  useEffect(() => {
    const headings = sections.map(({ id }) => document.getElementById(id)).filter((heading) => heading !== null);
    const observer = new IntersectionObserver(
      () =>
        setCurrent(headings.findLast((heading) => heading.getBoundingClientRect().top < innerHeight / 3)?.id ?? null),
      { rootMargin: "0px 0px -66% 0px", threshold: [0, 1] },
    );
    for (const heading of headings) observer.observe(heading);
    return () => observer.disconnect();
  }, [sections]);

  useEffect(() => {
    const index = sections.findIndex((section) => section.id === current);
    if (!stored || current === null || index <= furthest.current) return;
    const timer = window.setTimeout(() => {
      furthest.current = index;
      rememberProgress({ lesson, section: current, finished: index === sections.length - 1 });
    }, dwellMs);
    return () => window.clearTimeout(timer);
  }, [current, lesson, sections, stored]);

  return (
    <nav aria-labelledby="on-this-page" className="on-this-page no-print">
      <h2 id="on-this-page">{t("onThisPage")}</h2>
      <ol>
        {sections.map(({ id, depth, text }) => (
          <li key={id} data-depth={depth}>
            <a href={`#${id}`} aria-current={id === current ? "location" : undefined}>
              {text}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
