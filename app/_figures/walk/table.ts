// The page walk as tables and as a list for the keyboard.
import { hex } from "@/lib/scenarios/hex";
import type { LevelView, WalkState } from "@/lib/scenarios/walk-types";
import type { MirrorItem, Table } from "../define";
import type { Scene } from "../scene";
import type { WordsOf } from "../words";
import { flagsOf, hexEntry, ownerOf, rightsOf } from "./flags";
import { pageAddress } from "./tlb";

type Words = WordsOf<"figure-walk">;

export function tabulateWalk(state: WalkState, words: Words): Table[] {
  const { levels, mmu, mapped, focus } = state;
  return [
    {
      caption: words("tableWalk", { address: hex(focus.address) }),
      columns: [
        words("columnLevel"),
        words("columnIndex"),
        words("columnEntry"),
        words("columnValue"),
        words("columnFlags"),
        words("columnLeads"),
      ],
      rows: levels.map((level) => ({
        key: level.name,
        cells: [
          level.name,
          String(level.index),
          level.entry === null ? "" : hex(level.entry),
          ...entryTexts(level),
          leadsTo(level, words),
        ],
      })),
    },
    {
      caption: words("tableTlb"),
      columns: [
        words("columnArray"),
        words("columnProcess"),
        words("columnSet"),
        words("columnWay"),
        words("columnAddress"),
        words("columnFrame"),
        words("columnFlags"),
        words("columnAge"),
      ],
      rows: mmu.tlb.flatMap((array) =>
        array.entries.map((entry) => ({
          key: `${array.name} ${entry.set} ${entry.way}`,
          cells: [
            words("arrayName", { array: array.name }),
            ownerOf(entry, state),
            String(entry.set),
            String(entry.way),
            hex(pageAddress(array, entry)),
            String(entry.pfn),
            rightsOf(entry),
            String(entry.age),
          ],
        })),
      ),
    },
    {
      caption: words("tableMapped"),
      columns: [words("columnProcess"), words("columnAddress"), words("columnFrame"), words("columnFlags")],
      rows: mapped.map(({ process, address, pfn, flags }) => ({
        key: `${process} ${address}`,
        cells: [process.toUpperCase(), hex(address), String(pfn), flagsOf(flags)],
      })),
    },
  ];
}

export function mirrorWalk(state: WalkState, scene: Scene, words: Words): MirrorItem[] {
  const placeOf = (key: string) => scene.boxes.find((box) => box.key === key);
  const levels = state.levels.flatMap((level, depth): MirrorItem[] => {
    const box = placeOf(`row:${level.name}:2`);
    if (!box) return [];
    const values = { number: depth + 1, level: level.name, index: level.index, leads: leadsTo(level, words) };
    const [value, flags] = entryTexts(level);
    const entry = level.entry === null ? "" : hex(level.entry);
    const come = level.entry === null ? "no" : "yes";
    return [
      {
        key: level.name,
        label: words("itemLevel", values),
        detail: words("detailLevel", { ...values, come, entry, value, flags }),
        level: 1,
        box: { x: box.x, y: box.y, width: box.width, height: box.height },
      },
    ];
  });
  const entries = state.mmu.tlb.flatMap((array) =>
    array.entries.flatMap((entry): MirrorItem[] => {
      const box = placeOf(`tlb:${array.name}:${entry.set}:${entry.way}`);
      if (!box) return [];
      const values = {
        array: array.name,
        owner: ownerOf(entry, state),
        set: entry.set,
        way: entry.way,
        address: hex(pageAddress(array, entry)),
        pfn: entry.pfn,
      };
      const yes = (value: boolean) => (value ? "yes" : "no");
      return [
        {
          key: `${array.name} ${entry.set} ${entry.way}`,
          label: words("itemEntry", values),
          detail: words("detailEntry", {
            ...values,
            write: yes(entry.write),
            user: yes(entry.user),
            dirty: yes(entry.dirty),
            global: yes(entry.global),
            age: entry.age,
          }),
          level: 2,
          box: { x: box.x, y: box.y, width: box.width, height: box.height },
        },
      ];
    }),
  );
  return [...levels, ...entries];
}

function entryTexts(level: LevelView): [value: string, flags: string] {
  const row = level.rows[2];
  return row ? [hexEntry(row.low, row.high), flagsOf(row.low)] : ["", ""];
}

function leadsTo(level: LevelView, words: Words): string {
  const row = level.rows[2];
  const base = row ? (row.high & 0xff) * 2 ** 32 + ((row.low & 0xfffff000) >>> 0) : 0;
  return words("leadsTo", { leads: level.leads, base: hex(base), pfn: Math.floor(base / 4096) });
}
