// Which boxes may glide from the picture before to this one.
import type { Scene } from "./scene";

/** Never more than four things move at once; the eye cannot follow more. */
const mostGliding = 4;

export function glidingBoxes(before: Scene, after: Scene): Set<string> {
  const places = new Map(before.boxes.map((box) => [box.key, box]));
  const moved = after.boxes.filter((box) => {
    const old = places.get(box.key);
    return old && (Math.abs(old.x - box.x) > 1 || Math.abs(old.y - box.y) > 1);
  });
  return new Set(moved.slice(0, mostGliding).map((box) => box.key));
}
