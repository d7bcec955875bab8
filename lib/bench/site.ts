// The whole site under load: one learner through HTTP, queue and database; then a thousand submissions within a minute.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Exercise } from "@/lib/course/exercise";
import { loadCourse } from "@/lib/course/load";
import { paths } from "@/lib/paths";
import { type BenchLearner, enrol } from "./learners";
import { percentile } from "./statistics";

export interface SiteSpeed {
  readonly submitP50Ms: number;
  readonly submitP95Ms: number;
  readonly burst: {
    readonly submissions: number;
    readonly lost: number;
    /** How often each other end came. */
    readonly others: Readonly<Record<string, number>>;
    readonly seconds: number;
    readonly pageP95Ms: number;
  };
}

const warmUps = 5;
const samples = 40;
const burstSubmissions = 1000;
const burstMs = 60_000;
const burstGiveUpMs = 240_000;
const pagesPerSecond = 2;

interface Site {
  readonly url: string;
  readonly databaseUrl: string;
}

export async function benchSite(site: Site): Promise<SiteSpeed> {
  const course = await loadCourse();
  const exercises = course.chapters
    .flatMap((chapter) => chapter.exercises)
    .filter(({ kind, slot }) => kind === "implement" && slot !== "function");
  const crowd = await enrol(site.databaseUrl, Math.ceil(burstSubmissions / exercises.length));
  const split = exercises.find(({ slug }) => slug === "split-a-block")!;
  for (let i = 0; i < warmUps; i++) await submitAndWait(site, crowd[i]!, split);
  const latencies: number[] = [];
  for (let i = 0; i < samples; i++) latencies.push(await submitAndWait(site, crowd[warmUps + i]!, split));
  return {
    submitP50Ms: percentile(latencies, 0.5),
    submitP95Ms: percentile(latencies, 0.95),
    burst: await burst(site, crowd, exercises, paths.course("en", course.slug)),
  };
}

/** From the click to the verdict, as a browser does it: POST, then long polls. */
async function submitAndWait(site: Site, learner: BenchLearner, exercise: Exercise): Promise<number> {
  const start = performance.now();
  const id = await submit(site, learner, exercise);
  await verdictOf(site, learner, id, start + burstGiveUpMs);
  return performance.now() - start;
}

async function submit(site: Site, learner: BenchLearner, exercise: Exercise): Promise<string> {
  const response = await fetch(`${site.url}${paths.api.submissions}`, {
    method: "POST",
    headers: { cookie: learner.cookie, "content-type": "application/json", origin: site.url },
    body: JSON.stringify({ exerciseUuid: exercise.uuid, source: exercise.solutions[0], idempotencyKey: randomUUID() }),
  });
  if (response.status !== 202) throw new Error(`submit answered ${response.status}: ${await response.text()}`);
  const { id } = (await response.json()) as { id: string };
  return id;
}

/** The final status. @throws Error if none comes before `deadline` (on the clock of `performance`). */
async function verdictOf(site: Site, learner: BenchLearner, id: string, deadline: number): Promise<string> {
  for (let after = -1; performance.now() < deadline; ) {
    const response = await fetch(`${site.url}${paths.api.submission(id)}?after=${after}`, {
      headers: { cookie: learner.cookie },
    });
    if (!response.ok) throw new Error(`the submission's page answered ${response.status}`);
    const { status, rev } = (await response.json()) as { status: string; rev: number };
    if (status !== "queued" && status !== "running") return status;
    after = rev;
  }
  throw new Error(`submission ${id} has no verdict`);
}

async function burst(
  site: Site,
  crowd: readonly BenchLearner[],
  exercises: readonly Exercise[],
  page: string,
): Promise<SiteSpeed["burst"]> {
  const start = performance.now();
  const reading = new AbortController();
  const pageTimes = readPages(`${site.url}${page}`, reading.signal);
  const statuses = await Promise.all(
    Array.from({ length: burstSubmissions }, async (_, i) => {
      await sleep((i * burstMs) / burstSubmissions);
      const learner = crowd[Math.floor(i / exercises.length)]!;
      const graded = submit(site, learner, exercises[i % exercises.length]!).then((id) =>
        verdictOf(site, learner, id, start + burstGiveUpMs),
      );
      return graded.catch((error: unknown) => `no verdict: ${String(error)}`);
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  reading.abort();
  const wrong = statuses.filter((status) => status !== "passed");
  const others: Record<string, number> = {};
  for (const status of wrong) others[status] = (others[status] ?? 0) + 1;
  return {
    submissions: statuses.length,
    lost: wrong.length,
    others,
    seconds,
    pageP95Ms: percentile(await pageTimes, 0.95),
  };
}

/** A visitor who loads a page again and again meanwhile; milliseconds until each answer was complete. */
async function readPages(url: string, until: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  while (!until.aborted) {
    const start = performance.now();
    const response = await fetch(url);
    await response.arrayBuffer();
    times.push(performance.now() - start);
    await sleep(1000 / pagesPerSecond);
  }
  return times;
}
