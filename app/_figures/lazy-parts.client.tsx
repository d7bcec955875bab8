"use client";
// What shows a part and the part itself, both loaded when first drawn.
import { type ComponentType, lazy } from "react";
import { isPartName, type PartName, sceneNames } from "@/lib/scenarios/names";
import type { AnyPart } from "./part";
import { parts } from "./parts";

export type PartView<Props> = ComponentType<Props & { part: AnyPart }>;

/** One component for each part. The page comes first: simulator and controls are asked for once it is there. */
export function lazyParts<Props extends object>(
  load: () => Promise<PartView<Props>>,
): Readonly<Record<PartName, ComponentType<Props>>> {
  const entries = sceneNames.filter(isPartName).map((name) => [
    name,
    lazy(async () => {
      await pageLoaded();
      const [part, View] = await Promise.all([parts[name](), load()]);
      return { default: (props: Props) => <View {...props} part={part} /> };
    }),
  ]);
  return Object.fromEntries(entries) as Readonly<Record<PartName, ComponentType<Props>>>;
}

/** At once on the server, which draws the part into the page. */
function pageLoaded(): Promise<void> {
  if (typeof document === "undefined" || document.readyState === "complete") return Promise.resolve();
  return new Promise((resolve) => window.addEventListener("load", () => resolve(), { once: true }));
}
