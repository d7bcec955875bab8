// The scenario form's fields as text, and the machine they describe or what is wrong with each.
import { mostSharedPages } from "@/app/_figures/buddy/share";
import type { BuddyConfig, ZoneInit } from "@/lib/sim/machine";

export interface ScenarioFields {
  readonly pages: string;
  readonly startPfn: string;
  readonly init: ZoneInit;
  readonly pcp: "off" | "on";
  readonly batch: string;
}

export type FieldErrors = Partial<
  Record<"pages" | "startPfn" | "batch", { readonly least: number; readonly most: number }>
>;

const limits = {
  pages: { least: 1, most: mostSharedPages },
  startPfn: { least: 0, most: 1_048_576 },
  batch: { least: 1, most: 64 },
} as const;

export function fieldsOf(config: BuddyConfig): ScenarioFields {
  const { pcp } = config;
  const batch = pcp ? ("batch" in pcp ? pcp.batch : pcp.hot.batch) : 2;
  return {
    pages: String(config.pages),
    startPfn: String(config.startPfn ?? 0),
    init: config.init,
    pcp: pcp ? "on" : "off",
    batch: String(batch),
  };
}

export function readScenario(fields: ScenarioFields): { config: BuddyConfig } | { errors: FieldErrors } {
  const errors: FieldErrors = {};
  const read = (name: keyof typeof limits) => {
    const text = fields[name].normalize("NFKC").trim();
    const value = Number(text);
    const { least, most } = limits[name];
    if (!/^\d+$/.test(text) || value < least || value > most) errors[name] = limits[name];
    return value;
  };
  const pages = read("pages");
  const startPfn = read("startPfn");
  // A zone begins at a multiple of the largest block, as the kernel demands of its own.
  if (errors.startPfn === undefined && startPfn % 1024 !== 0) errors.startPfn = limits.startPfn;
  const batch = fields.pcp === "on" ? read("batch") : null;
  if (Object.keys(errors).length > 0) return { errors };
  return { config: { pages, startPfn, init: fields.init, pcp: batch === null ? null : { batch } } };
}
