// Swapping as tables and as a list for the keyboard.

import type { AreaView, PageView, SwapSceneState } from "@/lib/scenarios/swap-types";
import { SWAP_MAP_BAD } from "@/lib/sim/swap/structs";
import type { MirrorItem, Table } from "../define";
import type { Box, Scene } from "../scene";
import { counts, inOrder, type Words } from "./layout";

export function tabulateSwap(state: SwapSceneState, words: Words): Table[] {
  const { parent, child, cache } = state;
  const pages = parent.pages.map((view, page) => ({
    key: String(page),
    cells: [String(page), placeOf(view, words), child ? placeOf(child.pages[page]!, words) : words("noChild")],
  }));
  const areas = inOrder(state).map((area) => ({
    key: area.name,
    cells: [
      area.name,
      words("areaState", { state: area.state }),
      ...[area.prio, area.usable, area.inuse, area.lowest, area.highest, area.clusterNext, area.clusterNr].map(String),
    ],
  }));
  const slots = inOrder(state).flatMap((area) =>
    usedSlots(area).map((slot) => ({
      key: `${area.name}${slot}`,
      cells: [`${area.name}${slot}`, slotText(area, slot, words)],
    })),
  );
  const cached = cache.map(({ slot, pfn, mapcount, dirty }) => ({
    key: slot,
    cells: [slot, String(pfn), String(mapcount), words("dirty", { dirty: dirty ? "yes" : "no" })],
  }));
  return [
    { caption: words("tablePages"), columns: [words("columnPage"), words("parent"), words("child")], rows: pages },
    {
      caption: words("tableAreas"),
      columns: (
        [
          "columnArea",
          "columnState",
          "columnPrio",
          "columnUsable",
          "columnInuse",
          "columnLowest",
          "columnHighest",
          "columnClusterNext",
          "columnClusterNr",
        ] as const
      ).map((key) => words(key)),
      rows: areas,
    },
    { caption: words("tableSlots"), columns: [words("columnSlot"), words("columnCounter")], rows: slots },
    {
      caption: words("tableCache"),
      columns: [words("columnSlot"), words("columnFrame"), words("columnMapped"), words("columnDirty")],
      rows: cached,
    },
  ];
}

function usedSlots({ counters }: AreaView): number[] {
  return counters.flatMap((counter, slot) => (counter === 0 || slot === 0 ? [] : [slot]));
}

function placeOf({ place, pfn, slot }: PageView, words: Words): string {
  return words("place", { place, pfn: pfn ?? 0, slot: slot ?? "" });
}

function slotText({ counters, cached }: AreaView, slot: number, words: Words): string {
  const counter = counters[slot] ?? 0;
  const kind = slot === 0 ? "header" : counter === SWAP_MAP_BAD ? "bad" : counter === 0 ? "free" : "used";
  return words("slotText", { kind, counter, cached: cached.includes(slot) ? "yes" : "no" });
}

export function mirrorSwap(state: SwapSceneState, scene: Scene, words: Words): MirrorItem[] {
  const boxOf = (key: string): Box | undefined => scene.boxes.find((box) => box.key === key);
  const items: MirrorItem[] = [];
  for (const who of ["parent", "child"] as const) {
    const process = state[who];
    if (process === null) continue;
    const all = process.pages.flatMap((_, page) => boxOf(`${who}:${page}`) ?? []);
    const { length } = process.pages;
    const label = words("itemProcess", { who, pages: length, ...counts(process.pages) });
    items.push({ key: who, label, detail: label, level: 1, box: around(all) });
    for (const [page, view] of process.pages.entries()) {
      const box = boxOf(`${who}:${page}`);
      if (!box) continue;
      const where = placeOf(view, words);
      const detail = words("detailPage", { page, where, writable: view.writable ? "yes" : "no" });
      items.push({
        key: `${who}:${page}`,
        label: words("itemPage", { page, where }),
        detail,
        level: 2,
        box: placeIn(box),
      });
    }
  }
  for (const area of inOrder(state)) {
    const all = area.counters.flatMap((_, slot) => boxOf(`${area.name}:${slot}`) ?? []);
    const { name, prio, inuse, usable, lowest, highest, clusterNext, clusterNr } = area;
    const label = words("itemArea", { area: name, state: area.state, prio, inuse, usable });
    const detail = words("detailArea", {
      area: name,
      state: area.state,
      prio,
      lowest,
      highest,
      next: clusterNext,
      left: clusterNr,
    });
    items.push({ key: name, label, detail, level: 1, box: around(all) });
    for (const slot of area.counters.keys()) {
      const box = boxOf(`${name}:${slot}`);
      if (!box) continue;
      const text = slotText(area, slot, words);
      const said = words("itemSlot", { slot: `${name}${slot}`, text });
      items.push({ key: `${name}:${slot}`, label: said, detail: said, level: 2, box: placeIn(box) });
    }
  }
  for (const { slot, pfn, mapcount, dirty } of state.cache) {
    const box = boxOf(`cache:${slot}`);
    if (!box) continue;
    const detail = words("detailCache", { slot, pfn, mapcount, dirty: dirty ? "yes" : "no" });
    items.push({ key: `cache:${slot}`, label: words("itemCache", { slot, pfn }), detail, level: 1, box: placeIn(box) });
  }
  return items;
}

function placeIn({ x, y, width, height }: Box): MirrorItem["box"] {
  return { x, y, width, height };
}

function around(boxes: readonly Box[]): MirrorItem["box"] {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}
