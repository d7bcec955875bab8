// A slab cache as tables and as a list for the keyboard.

import type { ArrayView, SlabState, SlabView } from "@/lib/scenarios/slab";
import { PAGE_SIZE } from "@/lib/sim/constants";
import { PAGE_OFFSET } from "@/lib/sim/frames";
import type { MirrorItem, Table } from "../define";
import type { Scene } from "../scene";
import type { WordsOf } from "../words";
import { rowOf } from "./layout";

type Words = WordsOf<"figure-slab">;

export function tabulateSlab(state: SlabState, words: Words): Table[] {
  const { slabs, cpu, shared, num } = state;
  return [
    {
      caption: words("tableSlabs"),
      columns: (["columnSlab", "columnList", "columnPage", "columnColour", "columnInuse", "columnChain"] as const).map(
        (key) => words(key),
      ),
      rows: slabs.map(({ id, list, pfn, colour, inuse, chain }) => ({
        key: String(id),
        cells: [
          String(id),
          words("list", { list }),
          String(pfn),
          String(colour),
          `${inuse} / ${num}`,
          chain.join(" → "),
        ],
      })),
    },
    {
      caption: words("tableArrays"),
      columns: (["columnArray", "columnTouched", "columnLimit", "columnBatch", "columnEntries"] as const).map((key) =>
        words(key),
      ),
      rows: [rowOfArray("cpu", cpu), ...(shared ? [rowOfArray("shared", shared)] : [])],
    },
    {
      caption: words("tableObjects"),
      columns: (["columnObject", "columnAddress", "columnPlace", "columnNext"] as const).map((key) => words(key)),
      rows: slabs.flatMap((slab) =>
        slab.places.map((place, index) => ({
          key: `${slab.id}.${index}`,
          cells: [`${slab.id}.${index}`, addressOf(state, slab, index), words("place", { place }), nextOf(slab, index)],
        })),
      ),
    },
  ];

  function rowOfArray(array: "cpu" | "shared", { objects, limit, batchcount, touched }: ArrayView) {
    const entries = objects.map((object) => object.join(".")).join(", ");
    const name = words(array === "cpu" ? "cpuArray" : "sharedArray");
    const used = words("yesno", { state: touched ? "yes" : "no" });
    return { key: array, cells: [name, used, String(limit), array === "cpu" ? String(batchcount) : "", entries] };
  }
}

/** Kernel virtual address of an object. */
function addressOf({ objsize }: SlabState, { pfn, offset }: SlabView, index: number): string {
  return `0x${(PAGE_OFFSET + pfn * PAGE_SIZE + offset + index * objsize).toString(16).toUpperCase()}`;
}

/** What a free object's bufctl holds. */
function nextOf({ chain }: SlabView, index: number): string {
  const at = chain.indexOf(index);
  return at < 0 ? "" : String(chain[at + 1] ?? "END");
}

export function mirrorSlab(state: SlabState, scene: Scene, words: Words): MirrorItem[] {
  const { cpu, shared, slabs, num } = state;
  const arrays = [["cpu", cpu] as const, ...(shared ? [["shared", shared] as const] : [])].map(([name, array]) => {
    const entries = array.objects.map((object) => object.join(".")).join(", ");
    const [first] = scene.boxes.filter(({ key }) => key.startsWith(`${name}:`));
    const title = words(name === "cpu" ? "cpuArray" : "sharedArray");
    const values = { title, avail: array.objects.length, limit: array.limit, entries };
    return {
      key: name,
      label: words("itemArray", values),
      detail: words("detailArray", values),
      level: 1,
      box: first
        ? { x: first.x, y: first.y, width: first.width, height: first.height }
        : { x: 0, y: 0, width: 1, height: 1 },
    };
  });
  const rows = slabs.flatMap((slab) => {
    const { id, list, inuse, colour, pfn, chain } = slab;
    const values = { id, list, inuse, num, colour, pfn, chain: chain.join(" → ") };
    const objects = slab.places.map((place, index) => {
      const { x, y, width, height } = scene.boxes.find(({ key }) => key === `object:${id}.${index}`)!;
      const next = nextOf(slab, index);
      const each = { object: `${id}.${index}`, place, address: addressOf(state, slab, index), next };
      return {
        key: `object:${id}.${index}`,
        label: words("itemObject", each),
        detail: words("detailObject", each),
        level: 2,
        box: { x, y, width, height },
      };
    });
    return [
      {
        key: `slab:${id}`,
        label: words("itemSlab", values),
        detail: words("detailSlab", values),
        level: 1,
        box: rowOf(scene, id),
      },
      ...objects,
    ];
  });
  return [...arrays, ...rows];
}
