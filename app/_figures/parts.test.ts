// Every registered part, without a browser: words in both languages, every face at every step of every preset and of random work.
import { describe, expect, it } from "vitest";
import { type Grammar, lineOf, parseOp } from "@/lib/scenarios/command";
import { linkOf, openLink } from "@/lib/scenarios/link";
import { isPartName, sceneNames } from "@/lib/scenarios/names";
import { type AnySession, openPreset } from "@/lib/scenarios/open-part";
import { appendRandom } from "@/lib/scenarios/run";
import { messages } from "@/lib/words/messages";
import { type Locale, locales } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { announceMoment, sentenceOf } from "./narrate";
import type { AnyPart } from "./part";
import { parts } from "./parts";
import { elementCount, mostElements, narrowWidth, type Place, wideWidth } from "./scene";
import type { AnyWords } from "./words";

const names = sceneNames.filter(isPartName);
const unchanged: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;

/** Asks for each sentence strictly: a key or a value that is missing is an error. */
function wordsOf(part: AnyPart, locale: Locale): AnyWords {
  const namespace = `figure-${part.scenario.name}` as const;
  const say = translator(locale, namespace) as unknown as AnyWords;
  return (key, values) => {
    if (!Object.hasOwn(messages[locale][namespace], key)) throw new Error(`${namespace} has no "${key}"`);
    const text = say(key, values);
    if (text.startsWith(namespace)) throw new Error(`${key} lacks a value: ${JSON.stringify(values)}`);
    return text;
  };
}

/** Each preset, and the first one under forty random operations. */
function sessionsOf({ scenario }: AnyPart): AnySession[] {
  const presets = scenario.presets.map(({ name }) => openPreset(scenario, name));
  const worked = appendRandom(scenario, presets[0]!, 40, 7);
  if ("by" in worked) throw new Error("the random workload was refused");
  return [...presets, worked];
}

describe.each(names)("the part %s", (name) => {
  it("names its presets, commands and parameters in both languages", async () => {
    const part = await parts[name]();
    const { scenario } = part;
    expect(scenario.name).toBe(name);
    for (const locale of locales) {
      const words = wordsOf(part, locale);
      expect(words("tree")).not.toBe("");
      for (const preset of scenario.presets) words(`preset-${preset.name}`);
      for (const [op, parameters] of Object.entries(scenario.commands)) {
        words(`help-${op}`);
        for (const parameter of Object.keys(parameters)) words(`param-${parameter}`);
      }
    }
  });

  it("does every operation of its presets, and grows something under a random workload", async () => {
    const { scenario } = await parts[name]();
    for (const preset of scenario.presets) {
      expect(openPreset(scenario, preset.name).ops.map((op) => lineOf(scenario.commands, op))).toEqual(preset.ops);
    }
    expect(sessionsOf(await parts[name]()).at(-1)!.ops.length).toBeGreaterThan(scenario.presets[0]!.ops.length + 15);
  });

  it("writes each operation as a line that means the same, and opens from a link as it was", async () => {
    const part = await parts[name]();
    const { scenario } = part;
    for (const session of sessionsOf(part)) {
      const { config, ops } = session;
      for (const op of ops) expect(parseOp(scenario.commands as Grammar, lineOf(scenario.commands, op))).toEqual(op);
      const opened = openLink(scenario, linkOf(scenario.commands, { config, ops }), unchanged);
      expect(opened).toEqual({ kind: "shared", shared: { config, ops } });
    }
    for (const data of [null, undefined, 7, "x", [], {}, { pages: "many" }]) {
      expect(() => scenario.readConfig(data)).not.toThrow();
    }
  });

  it("is deterministic: the same operations lead to the same states and steps", async () => {
    const { scenario } = await parts[name]();
    const once = openPreset(scenario, scenario.presets[0]!.name);
    const again = openPreset(scenario, scenario.presets[0]!.name);
    expect(again.moments).toEqual(once.moments);
    expect(JSON.parse(JSON.stringify(once.moments))).toEqual(once.moments);
  });

  it.each(locales)("has every face at every step in %s", async (locale) => {
    const part = await parts[name]();
    const { figure } = part;
    const words = wordsOf(part, locale);
    const shared = translator(locale, "figure");
    const summaries = new Set<string>();
    const states = new Set<string>();
    for (const session of sessionsOf(part)) {
      const moments = session.moments.flat();
      for (const [at, moment] of moments.entries()) {
        const before = moments[at - 1] ?? null;
        const { state } = moment;
        const sentence = announceMoment(part, before, moment, words, shared);
        expect(sentence).not.toBe("");
        if (moment.line !== null)
          expect(sentenceOf(part, moment, words, shared), `${moment.line}: ${JSON.stringify(moment.events)}`).not.toBe(
            shared("stepNothing"),
          );
        if (moment.op && moment.last) expect(figure.result(moment.op, moment.result, words)).not.toBe("");
        summaries.add(figure.summarize(state, words));
        states.add(JSON.stringify(state));
        for (const entry of figure.legend(state)) words(entry.key);
        for (const measure of figure.measure(state, words)) expect(measure.name).not.toBe("");
        for (const table of figure.tabulate(state, words)) {
          expect(table.caption).not.toBe("");
          for (const row of table.rows) expect(row.cells).toHaveLength(table.columns.length);
          expect(new Set(table.rows.map(({ key }) => key)).size).toBe(table.rows.length);
        }
        for (const width of [narrowWidth, wideWidth]) {
          const scene = figure.layout(moment, width, words, before?.state ?? null);
          const items = figure.mirror(state, scene, words);
          expect(scene.width).toBe(width);
          expect(elementCount(scene)).toBeLessThanOrEqual(mostElements);
          expect(new Set(scene.boxes.map(({ key }) => key)).size).toBe(scene.boxes.length);
          expect(items.length).toBeGreaterThan(0);
          expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
          for (const item of items) expect(item.label === "" || item.detail === "").toBe(false);
          for (const place of [...scene.boxes, ...items.map(({ box }) => box)]) expectInside(place, scene);
          for (const { x, y } of scene.labels) expectInside({ x, y, width: 0, height: 0 }, scene);
        }
      }
    }
    expect(summaries.size).toBeGreaterThan(1);
    expect(states.size).toBeGreaterThan(1);
  });

  it("keeps its states small enough to hold several for every operation", async () => {
    const part = await parts[name]();
    for (const { moments } of sessionsOf(part)) {
      const bytes = moments.flat().map(({ state }) => JSON.stringify(state).length);
      expect(Math.max(...bytes)).toBeLessThan(64_000);
    }
  });
});

function expectInside({ x, y, width, height }: Place, scene: { width: number; height: number }): void {
  const inside = x >= -1 && y >= -1 && x + width <= scene.width + 1 && y + height <= scene.height + 1;
  expect(inside, `${JSON.stringify({ x, y, width, height })} lies outside the picture`).toBe(true);
}
