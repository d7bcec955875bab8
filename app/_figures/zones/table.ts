// The zones as tables and as a list for the keyboard.
import type { ZonesState } from "@/lib/scenarios/zones";
import type { MirrorItem, Table } from "../define";
import type { Scene } from "../scene";
import type { WordsOf } from "../words";
import { barOf, stateKeys } from "./layout";
import { markState } from "./marks";

type Words = WordsOf<"figure-zones">;

export function tabulateZones({ zones, live }: ZonesState, words: Words): Table[] {
  const columns = (
    [
      "columnZone",
      "columnFirst",
      "columnPages",
      "columnFree",
      "columnLru",
      "columnMin",
      "columnLow",
      "columnHigh",
      "columnReserve",
      "columnState",
    ] as const
  ).map((key) => words(key));
  return [
    {
      caption: words("tableZones"),
      columns,
      rows: zones.map((zone) => ({
        key: zone.name,
        cells: [
          zone.name,
          ...[zone.startPfn, zone.pages, zone.free, zone.lru, zone.min, zone.low, zone.high].map(String),
          zone.reserve.join(" / "),
          words(stateKeys[markState(zone)]),
        ],
      })),
    },
    {
      caption: words("tableLive"),
      columns: [words("columnPage"), words("columnOrder"), words("columnZone")],
      rows: live.map(({ pfn, order }) => ({
        key: String(pfn),
        cells: [String(pfn), String(order), zones.findLast(({ startPfn }) => startPfn <= pfn)?.name ?? ""],
      })),
    },
  ];
}

export function mirrorZones({ zones }: ZonesState, scene: Scene, words: Words): MirrorItem[] {
  return zones.map((zone) => {
    const { x, y, width, height } = barOf(scene, zone.name);
    const state = words(stateKeys[markState(zone)]);
    const { name, startPfn: first, pages, free, min, low, high } = zone;
    const [, normal, highmem] = zone.reserve;
    return {
      key: name,
      label: words("itemZone", { zone: name, free, pages, state }),
      detail: words("detailZone", {
        zone: name,
        first,
        last: first + pages - 1,
        free,
        state,
        min,
        low,
        high,
        normal,
        highmem,
        lru: zone.lru,
      }),
      level: 1,
      box: { x, y, width, height },
    };
  });
}
