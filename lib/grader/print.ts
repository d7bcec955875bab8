// A verdict as lines of text for a terminal.
import type { Exercise } from "@/lib/course/exercise";
import type { Locale } from "@/lib/words/text";
import { say, translator } from "@/lib/words/translator";
import type { CaseResult, Divergence, Failure, Verdict } from "./verdict";

export function verdictLines(verdict: Verdict, exercise: Pick<Exercise, "title">, locale: Locale): string[] {
  const t = translator(locale, "grade");
  const status = translator(locale, "result")(`status.${verdict.status}`);
  const passed = verdict.cases.filter((result) => result.status === "passed").length;
  const total = verdict.cases.length;
  const first = verdict.firstFailure === null ? null : verdict.cases[verdict.firstFailure]!;
  const { counterexample: smallest, misconception, receipt } = verdict;
  return [
    `${exercise.title[locale]}`,
    t("verdict", { status, passed, total, score: verdict.score, max: verdict.maxScore }),
    ...verdict.groups.map((group) =>
      t("group", { mark: group.passed ? "✓" : "✗", title: group.title[locale], passed: group.passed ? "yes" : "no" }),
    ),
    ...(verdict.failure ? ["", ...failureLines(verdict.failure, locale)] : []),
    ...(first ? ["", ...caseLines(first, verdict.failure !== null, locale)] : []),
    ...(smallest ? ["", ...smallestLines(smallest, locale)] : []),
    ...(misconception ? ["", t("misconception", { sentence: misconception.sentence[locale] })] : []),
    ...(verdict.output.text === ""
      ? []
      : ["", t("output", { count: verdict.output.totalChars }), verdict.output.text.trimEnd()]),
    "",
    t("fuel", { used: verdict.fuel.used, limit: verdict.fuel.limit }),
    ...(receipt ? [t("receipt", { id: receipt.id, seed: receipt.seed })] : []),
  ];
}

export function failureLines({ message, raw, place, functionName }: Failure, locale: Locale): string[] {
  const where = place ? translator(locale, "grade")("place", { line: place.line, column: place.column ?? 0 }) : null;
  const lines = [say(locale, { key: `verdict.${message.key}`, args: message.args })];
  const details = [where, functionName, raw].filter((part) => part !== null);
  return details.length > 0 ? [...lines, `  ${details.join(" · ")}`] : lines;
}

function caseLines(result: CaseResult, told: boolean, locale: Locale): string[] {
  const t = translator(locale, "grade");
  const { divergence, failure, name, operations } = result;
  const heading = divergence
    ? t("case", { name, step: divergence.step + 1, steps: operations, label: divergence.label })
    : t("caseOnly", { name });
  const why = failure && !told ? failureLines(failure, locale) : [];
  return [heading, ...why, ...(divergence ? divergenceLines(divergence, locale) : [])];
}

function divergenceLines({ returned, fields, findings, explanation }: Divergence, locale: Locale): string[] {
  const t = translator(locale, "grade");
  const rows: [string, unknown, unknown][] = fields.map(({ path, expected, actual }) => [path, expected, actual]);
  if (returned) rows.unshift([t("returned"), returned.expected, returned.actual]);
  const width = Math.max(0, ...rows.map(([path]) => path.length));
  return [
    ...rows.map(
      ([path, expected, actual]) =>
        `  ${path.padEnd(width)}  ${t("expected")} ${spell(expected)}, ${t("yours")} ${spell(actual)}`,
    ),
    ...(findings as unknown as Found[]).map((found) => `  ${t("finding", { text: findingText(found, locale) })}`),
    ...(explanation ? [say(locale, { key: `verdict.${explanation.key}`, args: explanation.args })] : []),
  ];
}

interface Found {
  readonly rule: string;
  readonly args: Readonly<Record<string, string | number>>;
}

function findingText({ rule, args }: Found, locale: Locale): string {
  return say(locale, { key: `finding.${rule}`, args });
}

function smallestLines(
  { trace, divergence, from, failure }: NonNullable<Verdict["counterexample"]>,
  locale: Locale,
): string[] {
  const t = translator(locale, "grade");
  const config = JSON.stringify(trace.config);
  const rows = trace.labels.map((label, i) => `  ${i + 1}. ${label}${i === divergence?.step ? `   ${t("here")}` : ""}`);
  return [
    t("smallest", { count: rows.length, from, config }),
    ...rows,
    ...(divergence ? divergenceLines(divergence, locale) : []),
    ...(failure ? failureLines(failure, locale) : []),
  ];
}

function spell(value: unknown): string {
  if (typeof value === "string") return value === "" ? "-" : value;
  if (Array.isArray(value) && value.every((item) => typeof item === "number")) return `[${value.join(" ")}]`;
  return JSON.stringify(value);
}
