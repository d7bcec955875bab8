import { readFileSync } from "node:fs";
import path from "node:path";
import { paths } from "@/lib/paths";
import { courseSecrets, filesBelow, leaksIn, secretNames } from "./secrets";
import { handInWrongMerge } from "./sights";
import { asNewLearner, course, expect, fileOf, test } from "./support";

const secrets = courseSecrets();
const exercises = filesBelow("exercises", /\/exercise\.json$/).map((file) =>
  path.basename(path.dirname(file)).replace(/^\d+-/, ""),
);

test("a secret is found in whatever wrapping it travels", () => {
  const line = "if (buddy === null || !pageIsBuddy(buddy, order)) break;";
  expect(fileOf("04-free-and-merge", "solution.ts")).toContain(line);
  const source = `export function f() {\n  ${line}\n}`;
  const wrapped = {
    plain: source,
    json: JSON.stringify({ source }),
    "json in a script": `self.__next_f.push([1,${JSON.stringify(JSON.stringify({ source }))}])`,
    "json for html": JSON.stringify(source).replaceAll("&", "\\u0026").replaceAll("<", "\\u003c"),
    html: source.replaceAll("&", "&amp;").replaceAll("<", "&lt;"),
    highlighted: line
      .split(/\b/)
      .map((word) => `<span style="color:#123">${word}</span>`)
      .join(""),
    minified: source.replace(/\s+/g, ""),
  };
  for (const [how, body] of Object.entries(wrapped)) expect(leaksIn(body, secrets), how).not.toEqual([]);

  const traces = JSON.parse(fileOf("03-split-a-block", "traces.json")) as {
    hidden: { ops: object[] }[];
    visible: object[];
  };
  const hidden = traces.hidden.find(({ ops }) => ops.length > 2)!;
  expect(leaksIn(JSON.stringify(hidden, null, 2), secrets)).not.toEqual([]);
  expect(leaksIn(JSON.stringify(JSON.stringify(hidden)), secrets)).not.toEqual([]);
  expect(leaksIn(JSON.stringify(traces.visible) + fileOf("03-split-a-block", "starter.ts"), secrets)).toEqual([]);
  // Every implement exercise contributes: an empty list would find nothing anywhere.
  for (const folder of [
    "01-buddy-of",
    "02-order-for",
    "03-split-a-block",
    "04-free-and-merge",
    "05-hot-and-cold",
    "06-check-the-zone",
  ])
    expect(secrets.filter(({ origin }) => origin.includes(folder)).length, folder).toBeGreaterThan(5);
});

test("no built file holds a solution, a hidden trace or a mutant", () => {
  test.skip(process.env.E2E_DATA === undefined, "needs the production build: run it with npm run e2e");
  const folder = ".next/static";
  const files = filesBelow(folder, /\.(js|css|json|txt|map|svg)$/).map((file) => path.join(folder, file));
  expect(files.length).toBeGreaterThan(10);
  const found = files.flatMap((file) =>
    leaksIn(readFileSync(file, "utf8"), [...secrets, ...secretNames()]).map((leak) => `${file}: ${leak}`),
  );
  expect(found).toEqual([]);
});

test("no page and no answer of the server names what the grader keeps to itself", async ({
  page,
  baseURL,
  watched,
}) => {
  test.setTimeout(180_000);
  await asNewLearner(page, baseURL);
  expect(exercises).toHaveLength(9);
  const names = secretNames();
  for (const slug of exercises) {
    const answer = await page.request.get(paths.exercise("en", course, slug));
    expect(answer.status()).toBe(200);
    expect(leaksIn(await answer.text(), [...secrets, ...names]), slug).toEqual([]);
  }
  for (const path of [paths.lesson("zh-CN", course, "buddy"), paths.course("en", course), paths.api.palette("en")])
    expect(leaksIn(await (await page.request.get(path)).text(), [...secrets, ...names]), path).toEqual([]);

  // A verdict shows the case that failed, in full, and no other hidden one.
  watched.written(fileOf("04-free-and-merge", "mutants/merges-any-order.ts"));
  const id = await handInWrongMerge(page.request);
  const { verdict } = (await (await page.request.get(paths.api.submission(id))).json()) as {
    verdict: { cases: { visibility: string; status: string; trace: unknown; group: string }[] };
  };
  const hidden = verdict.cases.filter(({ visibility }) => visibility === "hidden" || visibility === "generated");
  expect(hidden.length).toBeGreaterThan(0);
  expect(hidden.filter(({ status, trace }) => status === "passed" && trace !== null)).toEqual([]);
});

test("one learner's work is nobody else's", async ({ page, baseURL, browser }) => {
  await asNewLearner(page, baseURL);
  const id = await handInWrongMerge(page.request);
  const other = await browser.newContext({ baseURL });
  const stranger = await other.newPage();
  const status = async () => (await stranger.request.get(paths.api.submission(id))).status();
  expect(await status()).toBe(401);
  await asNewLearner(stranger, baseURL);
  expect(await status()).toBe(404);
  const shown = await stranger.goto(paths.submission("en", course, "free-and-merge", id));
  expect(shown?.status()).toBe(404);
  await other.close();
});
