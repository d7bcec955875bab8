// The whole machine as tables: zones, what frames are used for, processes, the large numbers, what operations can name, and the open report.
import type { MachineState } from "@/lib/scenarios/machine";
import { type FrameUse, frameUses } from "@/lib/sim/whole/census";
import type { Table } from "../define";
import type { WordsOf } from "../words";
import { markState } from "../zones/marks";
import { hex } from "./hex";
import { uses } from "./uses";
import { stateKeys } from "./zone";

type Words = WordsOf<"figure-machine">;
type Key = Parameters<Words>[0];

export function tabulateMachine(state: MachineState, words: Words): Table[] {
  return [
    reportTable(state, words),
    zonesTable(state, words),
    usesTable(state, words),
    tasksTable(state, words),
    numbersTable(state, words),
    liveTable(state, words),
  ];
}

function table(caption: string, columns: readonly string[], rows: readonly (readonly (string | number)[])[]): Table {
  return { caption, columns, rows: rows.map((cells, index) => ({ key: String(index), cells: cells.map(String) })) };
}

function reportTable({ report: { name, pid, lines } }: MachineState, words: Words): Table {
  const caption = words("tableReport", { file: name === "maps" ? `${pid}/maps` : name });
  return {
    ...table(
      caption,
      [words("columnLine"), words("columnText")],
      lines.map((line, index) => [index + 1, line]),
    ),
    preformatted: true,
  };
}

function zonesTable({ zones }: MachineState, words: Words): Table {
  const columns: readonly Key[] = [
    "columnZone",
    "columnFirst",
    "columnPages",
    "columnFree",
    "columnMin",
    "columnLow",
    "columnHigh",
    "columnActive",
    "columnInactive",
    "columnState",
  ];
  return table(
    words("tableZones"),
    columns.map((key) => words(key)),
    zones.map((zone) => [
      zone.name,
      ...[zone.startPfn, zone.pages, zone.free, zone.min, zone.low, zone.high, zone.active, zone.inactive],
      words(stateKeys[markState(zone)]),
    ]),
  );
}

export function pagesOfUse({ zones }: Pick<MachineState, "zones">, use: FrameUse): number {
  return zones.reduce((sum, zone) => sum + zone.uses[use], 0);
}

function usesTable(state: MachineState, words: Words): Table {
  return table(
    words("tableUses"),
    [words("columnUse"), ...state.zones.map(({ name }) => name), words("columnAll")],
    frameUses.map((use) => [
      words(uses[use].name),
      ...state.zones.map((zone) => zone.uses[use]),
      pagesOfUse(state, use),
    ]),
  );
}

function tasksTable({ tasks }: MachineState, words: Words): Table {
  const columns: readonly Key[] = [
    "columnPid",
    "columnComm",
    "columnParent",
    "columnState",
    "columnRss",
    "columnTotal",
    "columnMinor",
    "columnMajor",
  ];
  return table(
    words("tableTasks"),
    columns.map((key) => words(key)),
    tasks.map((task) => [
      task.pid,
      task.comm,
      task.parent,
      words(task.state === "zombie" ? "zombie" : "running"),
      task.rss,
      task.totalVm,
      task.minFlt,
      task.majFlt,
    ]),
  );
}

function numbersTable(state: MachineState, words: Words): Table {
  const rows: readonly (readonly [Key, number])[] = [
    ["numberPageCache", state.pageCache],
    ["numberSwapCache", state.swapCache],
    ["numberMapped", state.mapped],
    ["numberDirty", state.dirty],
    ["numberWriteback", state.writeback],
    ["numberSlab", state.slab],
    ["numberPageTables", state.pageTables],
    ["numberCommitted", state.committed],
    ["numberSwapTotal", state.swap.total],
    ["numberSwapFree", state.swap.free],
    ["numberKilled", state.killed],
    ["numberJiffies", state.jiffies],
  ];
  return table(
    words("tableNumbers"),
    [words("columnName"), words("columnValue")],
    rows.map(([key, value]) => [words(key), value]),
  );
}

function liveTable({ live }: MachineState, words: Words): Table {
  const rows: (readonly [string, string, string])[] = [
    ...live.mappings.map(({ pid, address, pages, writable }) => {
      const details = words("liveMappingDetails", { pid, count: pages, writable: writable ? "yes" : "no" });
      return [words("liveMapping"), hex(address), details] as const;
    }),
    ...live.files.map(
      ({ ino, pages }) => [words("liveFile"), String(ino), words("pagesCount", { count: pages })] as const,
    ),
    ...live.objects.map((address) => [words("liveObject"), hex(address), "kmalloc"] as const),
    ...live.areas.map((address) => [words("liveArea"), hex(address), "vmalloc"] as const),
    ...live.blocks.map(
      ({ pfn, order }) => [words("liveBlock"), String(pfn), words("liveBlockDetails", { order })] as const,
    ),
    ...live.swapAreas.map((area) => [words("liveSwap"), String(area), ""] as const),
  ];
  return table(words("tableLive"), [words("columnKind"), words("columnWhich"), words("columnDetails")], rows);
}
