"use client";
// Which of the three layouts is on the screen; the same borders stand in workspace.css.
import { useSyncExternalStore } from "react";

export type Width = "narrow" | "middle" | "wide";

const middle = "(min-width: 800px)";
const wide = "(min-width: 1200px)";

function subscribe(changed: () => void): () => void {
  const queries = [matchMedia(middle), matchMedia(wide)];
  for (const query of queries) query.addEventListener("change", changed);
  return () => {
    for (const query of queries) query.removeEventListener("change", changed);
  };
}

export function useWidth(): Width {
  return useSyncExternalStore(
    subscribe,
    () => (matchMedia(wide).matches ? "wide" : matchMedia(middle).matches ? "middle" : "narrow"),
    () => "wide",
  );
}

/** Phones and tablets get the plain editor: the full one does not support touch keyboards. */
export const isTouch = (): boolean => matchMedia("(pointer: coarse)").matches || !matchMedia(middle).matches;
