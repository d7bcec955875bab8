// The address space as tables and as a list for the keyboard.
import type { SpaceState } from "@/lib/scenarios/space-types";
import type { AreaView, ProcessView } from "@/lib/scenarios/space-view";
import type { MirrorItem, Table } from "../define";
import type { Scene } from "../scene";
import { address } from "./amounts";
import type { Words } from "./layout";

export function processesOf({ parent, child }: SpaceState): (readonly [who: "parent" | "child", ProcessView])[] {
  const both = [
    ["parent", parent],
    ["child", child],
  ] as const;
  return both.flatMap(([who, process]) => (process === null ? [] : [[who, process] as const]));
}

const columns = [
  "columnStart",
  "columnEnd",
  "columnPermissions",
  "columnName",
  "columnPages",
  "columnResident",
  "columnTied",
  "columnOffset",
  "columnMarks",
] as const;

export function tabulateSpace(state: SpaceState, words: Words): Table[] {
  const tables = processesOf(state).flatMap(([who, process]): Table[] => [
    {
      caption: words("tableAreas", { who, pid: process.pid }),
      columns: columns.map((key) => words(key)),
      rows: [...process.areas].reverse().map((area) => ({ key: String(area.start), cells: cellsOf(area, words) })),
    },
    {
      caption: words("tableNumbers", { who }),
      columns: [words("columnField"), words("columnValue")],
      rows: numbersOf(process).map(([field, value]) => ({ key: field, cells: [field, value] })),
    },
  ]);
  if (tables.length > 0) return tables;
  return [{ caption: words("ended"), columns: [words("columnField"), words("columnValue")], rows: [] }];
}

function cellsOf(area: AreaView, words: Words): string[] {
  const marks = [area.accounted ? "ACCOUNT" : "", area.locked ? "LOCKED" : ""].filter((mark) => mark !== "");
  return [
    address(area.start),
    address(area.end),
    area.permissions,
    words("areaName", { name: area.name }),
    String((area.end - area.start) / 4096),
    String(area.resident),
    String(area.tied),
    `0x${area.pgoff.toString(16)}`,
    marks.join(" ") || "–",
  ];
}

function numbersOf(process: ProcessView): [string, string][] {
  return [
    ["mmap_base", address(process.mmapBase)],
    ["free_area_cache", address(process.cache)],
    ["mmap_cache", process.lastFound === null ? "NULL" : address(process.lastFound)],
    ["brk", address(process.brk)],
    ["map_count", String(process.areas.length)],
    ["total_vm", String(process.totalVm)],
    ["locked_vm", String(process.lockedVm)],
    ["rss", String(process.rss)],
  ];
}

/** From the highest address down, as in the picture. */
export function mirrorSpace(state: SpaceState, scene: Scene, words: Words): MirrorItem[] {
  const items = processesOf(state).flatMap(([who, process]) => {
    const more = scene.boxes.find(({ key }) => key === `more:${who}`);
    return [...process.areas].reverse().map((area): MirrorItem => {
      const box = scene.boxes.find(({ key }) => key === `area:${area.id}`) ?? more ?? scene.boxes[0]!;
      const { x, y, width, height } = box;
      const name = words("areaName", { name: area.name });
      const pages = (area.end - area.start) / 4096;
      const values = {
        who,
        name,
        start: address(area.start),
        end: address(area.end),
        permissions: area.permissions,
        pages,
        resident: area.resident,
        tied: area.tied,
        accounted: area.accounted ? "yes" : "no",
        locked: area.locked ? "yes" : "no",
        file: area.file === null ? "no" : "yes",
        offset: area.pgoff,
      };
      const label = words("itemArea", values);
      return {
        key: `${who}:${area.start}`,
        label,
        detail: words("detailArea", values),
        level: 1,
        box: { x, y, width, height },
      };
    });
  });
  if (items.length > 0) return items;
  const label = words("empty");
  const whole = { x: 0, y: 0, width: scene.width, height: scene.height };
  return [{ key: "empty", label, detail: label, level: 1, box: whole }];
}
