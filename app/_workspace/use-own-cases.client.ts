"use client";
// The learner's own cases, kept on this device beside the draft.
import { get, set } from "idb-keyval";
import { useCallback, useEffect, useState } from "react";
import type { OwnCase } from "./own-case";

export function useOwnCases(owner: string, exercise: string) {
  const [cases, setCases] = useState<readonly OwnCase[]>([]);
  const name = `cases:${owner}:${exercise}`;
  useEffect(() => {
    let wanted = true;
    // Storage may be refused; the cases then live as long as the page.
    get<readonly OwnCase[]>(name).then(
      (kept) => wanted && kept && setCases(kept),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [name]);
  const change = useCallback(
    (next: readonly OwnCase[]) => {
      setCases(next);
      set(name, next).catch(() => undefined);
    },
    [name],
  );
  return [cases, change] as const;
}
