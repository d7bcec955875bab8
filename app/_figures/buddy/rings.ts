// Outlines around blocks: the current operation, the one before, what differs from another machine, what is selected.
import type { Place, Ring } from "../scene";
import { type BlockRef, type BuddyOptions, laneHeight, laneY, type Scene, xOf } from "./scene";

/** A ring around something narrower stays this wide, or nobody sees it. */
const narrowestRing = 9;

export function layoutRings(options: BuddyOptions, scene: Pick<Scene, "scale" | "lanes" | "strip">): Ring[] {
  const rings: Ring[] = [];
  const around = (blocks: readonly BlockRef[] | undefined, look: Ring["look"]) => {
    for (const block of blocks ?? []) {
      const pages = 2 ** block.order;
      const span = spanOf(block.pfn, pages, scene);
      if (!span) continue;
      rings.push({ look, ...span, y: scene.strip.y - 1, height: scene.strip.height + 2 });
      if (scene.lanes && block.order <= scene.lanes.highest) {
        rings.push({ look, ...span, y: laneY(scene, block.order) - 1, height: laneHeight + 2 });
      }
    }
  };
  around(options.previous, "previous");
  around(options.answer, "answer");
  around(options.current, "current");
  around(options.selected, "selected");
  for (const block of options.differs ?? []) {
    const span = spanOf(block.pfn, block.pages, scene);
    if (span) rings.push({ look: "differs", ...span, y: scene.strip.y - 2, height: scene.strip.height + 4 });
  }
  return rings;
}

function spanOf(pfn: number, pages: number, scene: Pick<Scene, "scale">): Pick<Place, "x" | "width"> | null {
  const { scale } = scene;
  const from = Math.max(scale.x, xOf(scale, pfn));
  const to = Math.min(scale.x + scale.width, xOf(scale, pfn + pages));
  if (to <= from) return null;
  const width = Math.max(narrowestRing, to - from);
  return { x: from - (width - (to - from)) / 2, width };
}
