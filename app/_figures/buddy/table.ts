// The buddy machine as a table and as a list for the keyboard: the same rows, block by block in address order.
import type { MirrorItem, Table } from "../define";
import type { FigureWords } from "../words";
import { type BlockKind, buddyPfn, type DrawnState, type Run, runsOf } from "./blocks";
import { laneHeight, laneY, type Scene, xOf } from "./scene";

const kindKeys: Readonly<Record<BlockKind, Parameters<FigureWords>[0]>> = {
  free: "kindFree",
  used: "kindUsed",
  hot: "kindHot",
  cold: "kindCold",
  reserved: "kindReserved",
  lost: "kindLost",
  clash: "kindClash",
  held: "kindHeld",
};

export function kindName(kind: BlockKind, words: FigureWords): string {
  return words(kindKeys[kind]);
}

export function tabulateBuddy(state: DrawnState, words: FigureWords): Table {
  const runs = runsOf(state);
  const columns = (
    ["tableStart", "tableOrder", "tablePages", "tableState", "tableBuddy", "tableBuddyState"] as const
  ).map((key) => words(key));
  const rows = runs.map((run) => {
    const name = kindName(run.kind, words);
    const buddy = run.count === 1 ? buddyOfRun(state, run, runs, words) : null;
    const cells = [
      String(run.pfn),
      run.order === null ? "–" : String(run.order),
      String(run.pages),
      run.count > 1 ? words("runOf", { count: run.count, state: name }) : name,
      buddy ? String(buddy.pfn) : "–",
      buddy ? buddy.state : "–",
    ];
    return { key: String(run.pfn), cells };
  });
  return { caption: words("tableCaption"), columns, rows };
}

/** The buddy of a block and how it stands; null when no block of that order can lie there. */
function buddyOfRun(
  state: DrawnState,
  run: Run,
  runs: readonly Run[],
  words: FigureWords,
): { pfn: number; state: string } | null {
  if (run.order === null || run.order >= state.freeLists.length - 1) return null;
  const pfn = buddyPfn(state, run.pfn, run.order);
  if (pfn < state.startPfn || pfn + run.pages > state.startPfn + state.pages) return null;
  const there = runAt(runs, pfn);
  if (!there) return null;
  if (there.pfn === pfn && there.order === run.order && there.count === 1)
    return { pfn, state: kindName(there.kind, words) };
  if (there.pages / there.count < run.pages) return { pfn, state: words("buddySplit") };
  return { pfn, state: there.count > 1 ? kindName(there.kind, words) : words("buddyInside") };
}

function runAt(runs: readonly Run[], pfn: number): Run | undefined {
  let low = 0;
  let high = runs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (runs[middle]!.pfn <= pfn) low = middle;
    else high = middle - 1;
  }
  return runs[low];
}

export function mirrorBuddy(state: DrawnState, scene: Scene, words: FigureWords): MirrorItem[] {
  const runs = runsOf(state);
  const top = scene.lanes?.highest ?? 0;
  return runs.map((run) => {
    const x = xOf(scene.scale, run.pfn);
    const width = (run.pages / scene.scale.pages) * scene.scale.width;
    const inLane = scene.lanes !== null && run.order !== null && run.order <= top;
    const y = inLane ? laneY(scene, run.order!) : scene.strip.y;
    return {
      key: String(run.pfn),
      label: itemLabel(run, words),
      detail: itemDetail(state, run, runs, words),
      level: run.order === null ? top + 1 : Math.max(1, top - run.order + 1),
      box: { x, y, width: Math.max(width, 6), height: inLane ? laneHeight : scene.strip.height },
    };
  });
}

function itemLabel(run: Run, words: FigureWords): string {
  const last = run.pfn + run.pages - 1;
  const state = kindName(run.kind, words);
  if (run.order === null) return words("itemPages", { pages: run.pages, pfn: run.pfn, last, state });
  if (run.count > 1) return words("itemRun", { pfn: run.pfn, last, count: run.count, order: run.order, state });
  return words("itemBlock", { pfn: run.pfn, order: run.order, state });
}

function itemDetail(state: DrawnState, run: Run, runs: readonly Run[], words: FigureWords): string {
  if (run.order === null || run.count > 1) return itemLabel(run, words);
  const name = kindName(run.kind, words);
  const last = run.pfn + run.pages - 1;
  const buddy = buddyOfRun(state, run, runs, words);
  const values = { pages: run.pages, pfn: run.pfn, last, order: run.order, state: name };
  const about = buddy
    ? words(state.startPfn === 0 ? "detailBlock" : "detailBlockShifted", {
        ...values,
        index: run.pfn - state.startPfn,
        size: 2 ** run.order,
        buddy: buddy.pfn - state.startPfn,
        buddyPfn: buddy.pfn,
        buddyState: buddy.state,
      })
    : words("detailBlockAlone", values);
  const list = listOf(state, run);
  const place = list?.indexOf(run.pfn) ?? -1;
  return place < 0
    ? about
    : words("sentences", { first: about, second: words("detailListed", { place: place + 1, length: list!.length }) });
}

function listOf(state: DrawnState, run: Run): readonly number[] | undefined {
  if (run.kind === "free") return state.freeLists[run.order!];
  if (run.kind === "hot") return state.pcp?.hot.list;
  if (run.kind === "cold") return state.pcp?.cold.list;
  return undefined;
}
