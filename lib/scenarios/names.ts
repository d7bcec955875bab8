// The parts of the machine that can be looked at on their own, in the order in which a reader meets them.

/** Every scene of the playground; `buddy` has a page of its own kind, the others share one. */
export const sceneNames = ["zones", "buddy", "slab", "walk", "space", "lru", "swap", "machine"] as const;
export type SceneName = (typeof sceneNames)[number];
export type PartName = Exclude<SceneName, "buddy">;

export function isPartName(text: string): text is PartName {
  return text !== "buddy" && (sceneNames as readonly string[]).includes(text);
}
