// One exercise folder -> one Exercise, or null with the reasons why not.
import { createHash } from "node:crypto";
import path from "node:path";
import { type Locale, locales, type Text } from "@/lib/words/text";
import { folderPattern } from "./chapter";
import { type Exercise, exerciseFileSchema, type Mutant, type TracesFile, tracesFileSchema } from "./exercise";
import { entries, type Folder, readJson, readProse, readRequired, readText, report, sections, subfolder } from "./read";

export async function loadExercise(folder: Folder, chapter: string): Promise<Exercise | null> {
  const slug = folderPattern.exec(path.basename(folder.directory))?.[2];
  if (!slug) {
    report(folder, "", "An exercise folder is named number-name, as in 03-split-a-block: rename it.");
    return null;
  }
  const file = await readJson(folder, "exercise.json", exerciseFileSchema);
  if (!file) return null;
  const { $schema: _, ...facts } = file;

  // A predict exercise poses its question from a seed: there is nothing to edit or to solve. In a break-it exercise the
  // learner writes a trace, not code.
  const isWritten = facts.kind !== "predict";
  const extension = facts.kind === "break-it" ? "txt" : "ts";
  const starter = isWritten ? await readRequired(folder, `starter.${extension}`) : "";
  const solutions = isWritten ? await loadSolutions(folder, extension) : [];
  const traces = await readJson(folder, "traces.json", tracesFileSchema);
  const mutants = await loadMutants(subfolder(folder, "mutants"));
  const prompt = await readProse(folder, "prompt");
  const hints = await loadHints(folder);
  if (starter === null || (isWritten && solutions.length === 0) || traces === null || prompt === null) return null;
  if (!groupsAgree(folder, facts.groups, traces)) return null;
  const version = await folderVersion(folder);
  return { ...facts, slug, chapter, prompt, hints, starter, solutions, mutants, traces, version };
}

async function loadSolutions(folder: Folder, extension: "ts" | "txt"): Promise<string[]> {
  const first = await readRequired(folder, `solution.${extension}`);
  if (first === null) return [];
  const second = await readText(folder, `solution-2.${extension}`);
  if (second === null) report(folder, `solution-2.${extension}`, "A second, differently written solution is missing.");
  return second === null ? [first] : [first, second];
}

/** The first comment lines `// en: …` and `// zh-CN: …` of a mutant say which mistake it embodies. */
async function loadMutants(folder: Folder): Promise<Mutant[]> {
  const mutants: Mutant[] = [];
  for (const file of await entries(folder.directory, "file")) {
    if (!file.endsWith(".ts")) continue;
    const source = (await readText(folder, file)) ?? "";
    const misconception: Partial<Record<Locale, string>> = {};
    for (const line of source.split(/\r?\n/, locales.length)) {
      for (const locale of locales) {
        const start = `// ${locale}: `;
        if (line.startsWith(start)) misconception[locale] = line.slice(start.length).trim();
      }
    }
    const missing = locales.filter((locale) => !misconception[locale]);
    for (const locale of missing)
      report(folder, file, `The first lines need "// ${locale}: " and the mistake in one sentence.`, 1);
    if (missing.length === 0) mutants.push({ name: file.slice(0, -3), source, misconception: misconception as Text });
  }
  return mutants;
}

async function loadHints(folder: Folder): Promise<Exercise["hints"]> {
  const prose = await readProse(folder, "hints");
  const hints = { en: sections(prose?.en ?? ""), "zh-CN": sections(prose?.["zh-CN"] ?? "") };
  if (hints.en.length !== hints["zh-CN"].length)
    report(
      folder,
      "hints.zh-CN.md",
      `${hints.en.length} hints in English but ${hints["zh-CN"].length} in Chinese: write the same ones.`,
    );
  return hints;
}

/** Scores add up per group: a case without a group, or one name for two things, would make them lie. */
function groupsAgree(folder: Folder, groups: Exercise["groups"], traces: TracesFile): boolean {
  const before = folder.problems.length;
  const ids = new Set(groups.map((group) => group.id));
  if (ids.size !== groups.length) report(folder, "exercise.json", "groups: two groups share an id; give each its own.");
  const names = new Set<string>();
  for (const { name, group } of [...traces.visible, ...traces.hidden, ...traces.generated]) {
    if (!ids.has(group))
      report(folder, "traces.json", `Case "${name}" is in group "${group}", which exercise.json does not have.`);
    if (names.has(name)) report(folder, "traces.json", `Two cases are called "${name}": give each its own name.`);
    names.add(name);
  }
  return folder.problems.length === before;
}

/** Over every file that a verdict depends on. Prose is left out: mending a typing error must not age anyone's submission. */
async function folderVersion(folder: Folder): Promise<string> {
  const hash = createHash("sha256");
  for (const part of [folder, subfolder(folder, "mutants")]) {
    for (const file of await entries(part.directory, "file")) {
      if (file.endsWith(".md")) continue;
      const content = (await readText(part, file)) ?? "";
      hash.update(
        `${path.posix.join(part.name.slice(folder.name.length), file)}\0${Buffer.byteLength(content)}\0${content}`,
      );
    }
  }
  return hash.digest("hex");
}
