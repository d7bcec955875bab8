// From the answer of the server to what a form shows.
import type { ZodError } from "zod";
import type { Refusal } from "@/lib/db/result";
import type { Locale } from "@/lib/words/text";
import { say } from "@/lib/words/translator";
import { emptyForm, type FormState } from "./form-state-type";

/** Passwords are typed again; everything else stays as it was. */
function keptValues(form: FormData): Record<string, string> {
  const kept = [...form].filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === "string" && !/password/i.test(entry[0]) && !entry[0].startsWith("$"),
  );
  return Object.fromEntries(kept);
}

/** Issues of a schema whose messages are message keys; a limit that was broken is the message's `min` or `max`. */
export function formFromIssues(locale: Locale, form: FormData, error: ZodError): FormState {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const args: Record<string, number> = {};
    if (issue.code === "too_small") args.min = Number(issue.minimum);
    if (issue.code === "too_big") args.max = Number(issue.maximum);
    fields[String(issue.path[0])] ??= say(locale, { key: issue.message, args });
  }
  return {
    problem: say(locale, { key: "auth.errors.seeBelow", args: {} }),
    fields,
    values: keptValues(form),
    done: null,
  };
}

export function formFromRefusal(locale: Locale, form: FormData, refusal: Refusal): FormState {
  const fields = Object.entries(refusal.fields ?? {}).map(([name, message]) => [name, say(locale, message)]);
  return {
    problem: say(locale, refusal.message),
    fields: Object.fromEntries(fields),
    values: keptValues(form),
    done: null,
  };
}

export function formDone(sentence: string, values: FormState["values"] = {}): FormState {
  return { ...emptyForm, done: sentence, values };
}
