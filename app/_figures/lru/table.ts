// The LRU lists as tables and as a list for the keyboard.
import type { LruCard, LruState } from "@/lib/scenarios/lru-view";
import type { MirrorItem, Table } from "../define";
import type { Scene } from "../scene";
import type { WordsOf } from "../words";

type Words = WordsOf<"figure-lru">;
type Lane = "active" | "held" | "inactive";

const lanes: readonly Lane[] = ["active", "held", "inactive"];

export function tabulateLru(state: LruState, words: Words): Table[] {
  const columns = (
    ["columnPage", "columnList", "columnPlace", "columnOwner", "columnState", "columnNext"] as const
  ).map((key) => words(key));
  return [
    {
      caption: words("tablePages"),
      columns,
      rows: lanes.flatMap((lane) =>
        state[lane].map((card, place) => ({
          key: `${lane}:${card.pfn}`,
          cells: [
            String(card.pfn),
            words(`list-${lane}`),
            `${place + 1} / ${state[lane].length}`,
            ownerText(card, words),
            stateText(card, words),
            words("next", { what: nextOf(lane, card, state) }),
          ],
        })),
      ),
    },
    {
      caption: words("tableNumbers"),
      columns: [words("columnNumber"), words("columnValue")],
      rows: (
        [
          "free",
          "min",
          "high",
          "mappedRatio",
          "distress",
          "swappiness",
          "tendency",
          "writing",
          "freeSlots",
          "swapPages",
        ] as const
      ).map((name) => ({ key: name, cells: [words(`number-${name}`), String(state[name])] })),
    },
  ];
}

export function mirrorLru(state: LruState, scene: Scene, words: Words): MirrorItem[] {
  return lanes.flatMap((lane) => {
    const place = (key: string) => {
      const { x, y, width, height } = scene.boxes.find((box) => box.key === key) ?? { x: 0, y: 0, width: 1, height: 1 };
      return { x, y, width, height };
    };
    const first = state[lane][0];
    const heading: MirrorItem = {
      key: lane,
      label: words("itemLane", { list: words(`list-${lane}`), count: state[lane].length }),
      detail: words("detailLane", { list: lane, count: state[lane].length }),
      level: 1,
      box: place(first ? `page:${first.pfn}` : `empty:${lane}`),
    };
    const cards = state[lane].flatMap((card, at): MirrorItem[] => {
      // Only what is drawn can be visited; the table has the rest.
      if (!scene.boxes.some(({ key }) => key === `page:${card.pfn}`)) return [];
      const owner = ownerText(card, words);
      const values = { pfn: card.pfn, owner, state: stateText(card, words) };
      const next = words("next", { what: nextOf(lane, card, state) });
      return [
        {
          key: `page:${card.pfn}`,
          label: words("itemPage", values),
          detail: words("detailPage", { ...values, place: at + 1, count: state[lane].length, next }),
          level: 2,
          box: place(`page:${card.pfn}`),
        },
      ];
    });
    return [heading, ...cards];
  });
}

function ownerText({ owner }: LruCard, words: Words): string {
  return words("owner", { kind: owner === "-" ? "none" : owner.slice(0, 1), index: owner.slice(1) });
}

function stateText({ flags }: LruCard, words: Words): string {
  return [...flags].map((flag) => words("flag", { flag })).join(words("comma")) || words("flagNone");
}

/** What a scan would do with the page now, as far as the page itself and the swap tendency decide. */
function nextOf(lane: Lane, { flags, owner }: LruCard, { tendency, freeSlots, swapPages }: LruState): string {
  const used = /[RY]/.test(flags);
  const mapped = flags.includes("M");
  const anonymous = owner.startsWith("a");
  if (lane === "active") {
    const spared = tendency < 100 || (anonymous && swapPages === 0) || used;
    return mapped && spared ? "rotate" : "deactivate";
  }
  if (flags.includes("W")) return "keep";
  if (used && (mapped || flags.includes("S") || owner.startsWith("m"))) return "activate";
  if (owner === "-") return "keep";
  const needsSlot = anonymous && !flags.includes("S");
  if (needsSlot && freeSlots === 0) return "activate";
  if (flags.includes("D") || needsSlot) return used ? "keep" : "writeback";
  return "reclaim";
}
