// What the console can tell about a machine without changing it: its rules checked, the kernel's own report.
import { type Session, stateOf } from "@/app/_figures/buddy/session";
import { checkZone } from "@/lib/sim/check-zone";
import { buddyinfoLine } from "@/lib/sim/fragmentation";
import { openBuddy } from "@/lib/slots/buddy-machine";
import type { Messages } from "@/lib/words/messages";

type Words<N extends keyof Messages> = (
  key: keyof Messages[N],
  values?: Readonly<Record<string, string | number>>,
) => string;

export interface Line {
  readonly text: string;
  readonly tone: "said" | "refused";
}

export function inspect(
  what: "check" | "buddyinfo",
  session: Session,
  words: Words<"play">,
  findings: Words<"finding">,
): Line[] {
  const state = stateOf(session);
  if (what === "buddyinfo") return [{ text: buddyinfoLine("Normal", state.nrFree), tone: "said" }];
  const traced = openBuddy(session.config);
  for (const op of session.ops.slice(0, session.at)) traced.apply(op);
  const found = checkZone(traced.machine, state.allocated);
  if (found.length === 0) return [{ text: words("checkFine", { count: state.pages }), tone: "said" }];
  return found.map(({ rule, args }) => ({ text: findings(rule as keyof Messages["finding"], args), tone: "refused" }));
}
