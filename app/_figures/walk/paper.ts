// What a picture is collected on while it is drawn.
import { type Box, type Label, type Marker, type Ring, round, type Scene, type Shape } from "../scene";

interface Point {
  readonly x: number;
  readonly y: number;
}

export class Paper {
  readonly width: number;
  readonly #boxes: Box[] = [];
  readonly #shapes: Shape[] = [];
  readonly #labels: Label[] = [];
  readonly #rings: Ring[] = [];
  #marker: Marker | null = null;

  constructor(width: number) {
    this.width = width;
  }

  box(box: Box): void {
    this.#boxes.push({ ...box, x: round(box.x), y: round(box.y), width: round(box.width) });
  }

  label(x: number, y: number, text: string, look: Label["look"], anchor: Label["anchor"]): void {
    this.#labels.push({ x: round(x), y: round(y), text, look, anchor });
  }

  ring(ring: Ring): void {
    this.#rings.push({ ...ring, x: round(ring.x), y: round(ring.y) });
  }

  mark(x: number, y: number): void {
    this.#marker = { x: round(x), y: round(y) };
  }

  /** A bent line with a head; it arrives going to the right or down. */
  arrow(from: Point, to: Point, arrives: "right" | "down"): void {
    const bend = arrives === "right" ? (to.x - from.x) / 2 : (to.y - from.y) / 2;
    const curve =
      arrives === "right"
        ? `C${round(from.x + bend)} ${round(from.y)} ${round(to.x - bend)} ${round(to.y)} ${round(to.x)} ${round(to.y)}`
        : `C${round(from.x)} ${round(from.y + bend)} ${round(to.x)} ${round(to.y - bend)} ${round(to.x)} ${round(to.y)}`;
    const head = arrives === "right" ? "l-6 -3.5m6 3.5l-6 3.5" : "l-3.5 -6m3.5 6l3.5 -6";
    this.#shapes.push({ d: `M${round(from.x)} ${round(from.y)}${curve}${head}`, look: "arrow" });
  }

  scene(height: number): Scene {
    return {
      width: this.width,
      height,
      boxes: this.#boxes,
      shapes: this.#shapes,
      labels: this.#labels,
      rings: this.#rings,
      marker: this.#marker,
    };
  }
}
