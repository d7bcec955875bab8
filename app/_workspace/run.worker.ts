// The grader in the browser: the same engine, the same visible tests, no server. Nothing here decides a grade.
import { type Engine, loadEngine } from "@/lib/grader/engine";
import { grade } from "@/lib/grader/grade";
import type { RunAnswer, RunRequest } from "./run-protocol";

/** The part of a worker's global scope that is used here; the project's types are those of a page. */
declare const self: {
  onmessage: ((event: MessageEvent<RunRequest>) => void) | null;
  postMessage(answer: RunAnswer): void;
};

/** Random traces do not run here, so any seed will do; a fixed one makes a run repeatable. */
const seed = "0".repeat(64);

let engine: Promise<Engine> | null = null;

function engineFrom(url: string): Promise<Engine> {
  engine ??= fetch(url)
    .then((response) => {
      if (!response.ok) throw new Error(`engine: status ${response.status}`);
      return response.arrayBuffer();
    })
    .then(loadEngine)
    .catch((error) => {
      // Offline, say: the next run asks again.
      engine = null;
      throw error;
    });
  return engine;
}

self.onmessage = async ({ data }: MessageEvent<RunRequest>) => {
  if (data.type === "warm") {
    await engineFrom(data.engineUrl).catch(() => undefined);
    return;
  }
  const { id, exercise, source, ownCases } = data;
  const tell = (answer: RunAnswer) => self.postMessage(answer);
  try {
    const ready = await engineFrom(data.engineUrl);
    const begin = performance.now();
    const verdict = await grade({ exercise, source, seed, scope: "visible", ownCases }, ready);
    tell({ type: "verdict", id, verdict, ms: performance.now() - begin });
  } catch (error) {
    tell({ type: "failed", id, reason: error instanceof Error ? error.message : String(error) });
  }
};
