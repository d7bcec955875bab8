// A picture as data: boxes, paths and labels with pixel places. picture.tsx only spells it out.

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Fills by meaning; figures.css gives each its colour, texture and label colour in every theme. */
export type Look =
  /** Hollow: nobody has it. */
  | "free"
  /** Blue: the kernel's own, or simply in use. */
  | "used"
  /** Sky: anonymous memory, what processes wrote. */
  | "anon"
  /** Green: slab objects, reclaimable. */
  | "slab"
  /** Orange: pages of files. */
  | "file"
  /** Vermillion, hatched: dirty or under writeback. */
  | "dirty"
  /** Grey, dotted: reserved, waste, holes. */
  | "reserved"
  /** Grey, hatched: never to be touched. */
  | "guard"
  /** Raised, thick edge: in the allocator's hands. */
  | "held"
  /** A fault: what must not be. */
  | "lost"
  | "clash"
  /** Fills of the per-CPU lists: orange and sky. */
  | "hot"
  | "cold"
  /** A quiet frame: a table cell, a card. */
  | "panel"
  /** One item of a list. */
  | "chip"
  /** A pill with a number. */
  | "count";

/** Beside colour and letter, so that the picture survives print and forced colours. Only in the left third, clear of the label. */
export const textureOf: Partial<Record<Look, "hatch" | "dots">> = {
  reserved: "dots",
  guard: "hatch",
  dirty: "hatch",
  held: "hatch",
  lost: "hatch",
  clash: "hatch",
};

export interface Box extends Place {
  /** Stable from step to step for the same thing in the same place of the picture, so that it can glide. */
  readonly key: string;
  readonly look: Look;
  /** Null when the text would not fit. */
  readonly label: string | null;
  /** Where the label stands; default in the middle. */
  readonly align?: "start" | "middle";
  /** Corners; default slightly round. */
  readonly square?: true;
  /** A dot at the top right: referenced. */
  readonly dot?: true;
}

export interface Shape {
  readonly d: string;
  /** `ghost` dashed outline, `rule` hairline; above the boxes: `arrow` a connector, `mark…` an ink line (solid, dashed, dotted). */
  readonly look: Look | "ghost" | "rule" | "arrow" | "mark" | "mark-dashed" | "mark-dotted";
}

export interface Label {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly text: string;
  /** `caption`, `axis` and `quiet` are soft, `note` is ink and larger, `strong` is ink and bold. */
  readonly look: "caption" | "axis" | "quiet" | "note" | "strong";
  readonly anchor: "start" | "middle" | "end";
}

export interface Ring extends Place {
  readonly look: "current" | "previous" | "differs" | "differing-list" | "selected" | "answer";
}

/** The tip of the triangle under what the step is about. */
export interface Marker {
  readonly x: number;
  readonly y: number;
}

export interface Scene {
  readonly width: number;
  /** May depend on the machine and on wide or narrow, never on the step: stepping must not move the page. */
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly shapes: readonly Shape[];
  readonly labels: readonly Label[];
  readonly rings: readonly Ring[];
  readonly marker: Marker | null;
}

/** From this width on a picture may have columns and long names. */
export const wideFrom = 560;
/** What is drawn before the browser has told the width. */
export const wideWidth = 720;
export const narrowWidth = 320;

/** Sizes of text in pictures, in pixels: labels and captions, and notes. Never smaller. */
export const smallFontSize = 11;
export const fontSize = 12;

/** More elements make stepping slow. */
export const mostElements = 1000;

/** How many SVG elements the scene becomes. */
export function elementCount(scene: Scene): number {
  const inBoxes = scene.boxes.reduce((sum, box) => sum + 1 + (box.label === null ? 0 : 1) + (box.dot ? 1 : 0), 0);
  const rings = scene.rings.reduce((sum, ring) => sum + (ring.look === "differs" ? 3 : 1), 0);
  return inBoxes + scene.shapes.length + scene.labels.length + rings + (scene.marker ? 1 : 0);
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A ring just outside a box. */
export function ringAround(place: Place, look: Ring["look"]): Ring {
  return { look, x: place.x - 1, y: place.y - 1, width: place.width + 2, height: place.height + 2 };
}
