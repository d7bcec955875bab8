// All scenarios at once, for programs that check course texts. Pages load each with its figure (app/_figures/parts.ts).
import { lruScenario } from "./lru";
import { machineScenario } from "./machine";
import type { PartName } from "./names";
import type { AnyScenario } from "./scenario";
import { slabScenario } from "./slab";
import { spaceScenario } from "./space";
import { swapScenario } from "./swap";
import { walkScenario } from "./walk";
import { zonesScenario } from "./zones";

export const scenarios: Readonly<Record<PartName, AnyScenario>> = {
  zones: zonesScenario,
  slab: slabScenario,
  space: spaceScenario,
  lru: lruScenario,
  swap: swapScenario,
  walk: walkScenario,
  machine: machineScenario,
};
