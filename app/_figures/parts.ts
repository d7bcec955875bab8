// The parts that can be drawn and operated. Each is loaded when a page shows it.
import type { PartName } from "@/lib/scenarios/names";
import type { AnyPart } from "./part";

export const parts: Readonly<Record<PartName, () => Promise<AnyPart>>> = {
  zones: async () => (await import("./zones/zones")).zonesPart,
  slab: async () => (await import("./slab/slab")).slabPart,
  space: async () => (await import("./space/space")).spacePart,
  lru: async () => (await import("./lru/lru")).lruPart,
  swap: async () => (await import("./swap/swap")).swapPart,
  walk: async () => (await import("./walk/walk")).walkPart,
  machine: async () => (await import("./machine/machine")).machinePart,
};
