"use client";
// The width that a picture has, in whole pixels; null until the browser has told it (and on the server).
import { type RefObject, useLayoutEffect, useRef, useState } from "react";

/** Wider pictures gain nothing and cost elements. */
const widest = 1040;

export function useWidth<E extends HTMLElement>(): [RefObject<E | null>, number | null] {
  const ref = useRef<E>(null);
  const [width, setWidth] = useState<number | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const now = Math.min(widest, Math.floor(element.clientWidth));
      if (now > 0) setWidth(now);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
