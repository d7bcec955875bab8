// The buddy picture as data: the scene of every figure, and the address axis that its layers share.
import type { Scene as AnyScene } from "../scene";
import type { Block } from "./blocks";

export interface Scene extends AnyScene {
  /** The x scale that lanes, strip and ticks share. */
  readonly scale: Scale;
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

export function xOf(scale: Scale, pfn: number): number {
  return scale.x + ((pfn - scale.pfn) / scale.pages) * scale.width;
}

export function laneY(scene: Pick<Scene, "lanes">, order: number): number {
  return scene.lanes ? scene.lanes.top + (scene.lanes.highest - order) * lanePitch : 0;
}
