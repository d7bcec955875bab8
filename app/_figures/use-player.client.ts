"use client";
// The position in a sequence of steps, and playing through it. Position k is drawn from step k alone: it never matters how
// the reader got there.
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

export const speeds = [1, 2, 4, 8] as const;
export type Speed = (typeof speeds)[number];
const baseIntervalMs = 900;

/** Sent by a figure that begins to play; the others stop. */
const playsEvent = "pagewalk:figure-plays";

export interface Player {
  readonly position: number;
  readonly last: number;
  /** The position was reached by one step forward: the only movement that is animated. */
  readonly stepped: boolean;
  readonly playing: boolean;
  readonly speed: Speed;
  step(by: number): void;
  /** To the end of the next operation, or of the one before. */
  stepOp(direction: 1 | -1): void;
  jump(to: number): void;
  toggle(): void;
  setSpeed(speed: Speed): void;
}

/**
 * @param stops ascending positions at which an operation is complete; the first is 0.
 * @param root the figure, paused while it is off the screen.
 */
export function usePlayer(
  id: string,
  last: number,
  stops: readonly number[],
  start: number,
  root: RefObject<HTMLElement | null>,
): Player {
  const [{ position, stepped }, setPlace] = useState({ position: start, stepped: false });
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(1);
  const bounded = Math.max(0, Math.min(last, position));
  const latest = useRef(bounded);
  useEffect(() => {
    latest.current = bounded;
  }, [bounded]);

  const go = useCallback(
    (to: number) => {
      const target = Math.max(0, Math.min(last, to));
      setPlace((now) => ({ position: target, stepped: target === now.position + 1 }));
    },
    [last],
  );

  useEffect(() => {
    if (!playing) return;
    if (bounded >= last) {
      setPlaying(false);
      return;
    }
    const timer = window.setTimeout(() => go(latest.current + 1), baseIntervalMs / speed);
    return () => window.clearTimeout(timer);
  }, [playing, bounded, last, speed, go]);

  useEffect(() => {
    const element = root.current;
    const stopForOther = (event: Event) => {
      if ((event as CustomEvent<string>).detail !== id) setPlaying(false);
    };
    document.addEventListener(playsEvent, stopForOther);
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => !entry.isIntersecting)) setPlaying(false);
    });
    if (element) observer.observe(element);
    return () => {
      document.removeEventListener(playsEvent, stopForOther);
      observer.disconnect();
    };
  }, [id, root]);

  const move = (to: number) => {
    setPlaying(false);
    go(to);
  };
  return {
    position: bounded,
    last,
    stepped,
    playing,
    speed,
    step: (by) => move(bounded + by),
    stepOp: (direction) => {
      const target = direction > 0 ? stops.find((stop) => stop > bounded) : stops.findLast((stop) => stop < bounded);
      move(target ?? (direction > 0 ? last : 0));
    },
    jump: move,
    toggle: () => {
      if (playing) {
        setPlaying(false);
        return;
      }
      document.dispatchEvent(new CustomEvent(playsEvent, { detail: id }));
      if (bounded >= last) go(0);
      setPlaying(true);
    },
    setSpeed,
  };
}
