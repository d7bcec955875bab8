// Small notes to the server that reading never waits for: a prediction, a section that was read.
import { paths } from "@/lib/paths";

function note(url: string, body: object): void {
  // Lost notes (offline, signed out meanwhile) cost the reader nothing, so a failure is not shown.
  void fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    keepalive: true,
  }).catch(() => undefined);
}

export interface PredictionNote {
  readonly lesson: string;
  /** `figure:<id>` or `question:<id>`. */
  readonly question: string;
  /** Null: the reader asked to be shown. */
  readonly answer: readonly number[] | null;
}

export function rememberPrediction(prediction: PredictionNote): void {
  note(paths.api.prediction, prediction);
}

export interface ProgressNote {
  readonly lesson: string;
  readonly section: string;
  readonly finished: boolean;
}

export function rememberProgress(progress: ProgressNote): void {
  note(paths.api.progress, progress);
}
