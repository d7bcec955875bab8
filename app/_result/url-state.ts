// The place in a result as it stands in the URL: `?t=<case>&step=<n>`, so that a step can be sent to somebody.

export interface Place {
  readonly trace: string;
  readonly step: number;
}

export function readPlace(search: string): Place | null {
  const query = new URLSearchParams(search);
  const trace = query.get("t");
  const step = Number(query.get("step") ?? "0");
  return trace && Number.isInteger(step) && step >= 0 ? { trace, step } : null;
}

/** The same query with another place; everything else in it stays. */
export function writePlace(search: string, { trace, step }: Place): string {
  const query = new URLSearchParams(search);
  query.set("t", trace);
  query.set("step", String(step));
  return `?${query}`;
}

/** What a timeline shows: a trace (the first one if the name is empty) at a step, or just before its divergence. */
export interface OpenPlace {
  readonly trace: string;
  readonly step: number | null;
  readonly takesFocus: boolean;
}

export const nowhere: OpenPlace = { trace: "", step: null, takesFocus: false };
