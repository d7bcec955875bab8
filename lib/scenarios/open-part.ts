// A part's machine from what a lesson or a page says about it.
import { linkOf, opsOf } from "./link";
import { openSession, type Session } from "./run";
import type { AnyOp, AnyScenario } from "./scenario";

export type AnySession = Session<unknown, AnyOp, unknown>;

/** @throws Error for a configuration or a command that the part does not know: a mistake of the page's author. */
export function openPart(scenario: AnyScenario, config: unknown, lines: readonly string[]): AnySession {
  const preset = scenario.presets.find(({ name }) => name === config);
  const read = scenario.readConfig(preset ? preset.config : config);
  const ops = opsOf(scenario, lines);
  if (read === null) throw new Error(`${scenario.name}: no machine can be made from ${JSON.stringify(config)}`);
  if (ops === null) throw new Error(`${scenario.name}: one of these is no command: ${lines.join("; ")}`);
  return openSession(scenario, read, ops);
}

export function openPreset(scenario: AnyScenario, name: string): AnySession {
  const preset = scenario.presets.find((each) => each.name === name) ?? scenario.presets[0]!;
  return openPart(scenario, preset.config, preset.ops);
}

/** The operations in effect as the end of a URL. */
export function hashOf(
  scenario: AnyScenario,
  session: AnySession,
  deflate?: (bytes: Uint8Array) => Uint8Array,
): string {
  return linkOf(scenario.commands, { config: session.config, ops: session.ops.slice(0, session.at) }, deflate);
}
