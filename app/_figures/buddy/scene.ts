// The buddy picture as data: boxes, paths and labels with pixel places. The SVG component only spells it out.
import type { Block, BlockKind } from "./blocks";

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Box extends Place {
  /** Stable from step to step for the same block in the same layer, so that CSS can move it. */
  readonly key: string;
  readonly look: BlockKind | "chip" | "count";
  /** Null when the text would not fit. */
  readonly label: string | null;
}

export interface Shape {
  readonly d: string;
  readonly look: BlockKind | "ghost" | "rule" | "arrow";
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly look: "caption" | "axis" | "quiet" | "note";
  readonly anchor: "start" | "middle" | "end";
}

export interface Ring extends Place {
  readonly look: "current" | "previous" | "differs" | "differing-list" | "selected" | "answer";
}

export interface Marker {
  readonly x: number;
  readonly y: number;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  /** The x scale that lanes, strip and ticks share. */
  readonly scale: Scale;
  readonly boxes: readonly Box[];
  readonly shapes: readonly Shape[];
  readonly labels: readonly Label[];
  readonly rings: readonly Ring[];
  readonly marker: Marker | null;
  readonly lanes: { readonly top: number; readonly highest: number } | null;
  readonly strip: { readonly y: number; readonly height: number };
}

export interface Scale {
  /** Left end and length of the address axis, in pixels. */
  readonly x: number;
  readonly width: number;
  /** First page and number of pages that it shows. */
  readonly pfn: number;
  readonly pages: number;
}

export interface BlockRef {
  readonly pfn: number;
  readonly order: number;
}

export interface BuddyOptions {
  /** A part of the zone, for zones too large to draw page by page. Default: all of it. */
  readonly view?: { readonly pfn: number; readonly pages: number };
  readonly current?: readonly BlockRef[];
  /** The operation before this one; a faint outline. */
  readonly previous?: readonly BlockRef[];
  readonly differs?: readonly Block[];
  readonly selected?: readonly BlockRef[];
  readonly answer?: readonly BlockRef[];
  /** The sentence beside the triangle under the current block. */
  readonly note?: string;
  /** Keys of the lists that differ: `list:3`, `pcp:hot`. */
  readonly differingLists?: readonly string[];
  readonly layers?: "all" | "strip and lists" | "strip" | "lists";
}

export const laneHeight = 17;
export const lanePitch = 21;
export const stripHeight = 28;
export const fontSize = 12;
export const smallFontSize = 11;

export function xOf(scale: Scale, pfn: number): number {
  return scale.x + ((pfn - scale.pfn) / scale.pages) * scale.width;
}

export function laneY(scene: Pick<Scene, "lanes">, order: number): number {
  return scene.lanes ? scene.lanes.top + (scene.lanes.highest - order) * lanePitch : 0;
}

/** How many SVG elements the scene becomes. */
export function elementCount(scene: Scene): number {
  const labelled = scene.boxes.filter((box) => box.label !== null).length;
  const rings = scene.rings.reduce((sum, ring) => sum + (ring.look === "differs" ? 3 : 1), 0);
  return scene.boxes.length + labelled + scene.shapes.length + scene.labels.length + rings + (scene.marker ? 1 : 0);
}
