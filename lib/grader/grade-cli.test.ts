import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCourse } from "@/lib/course/load";
import { type GradeContext, gradeCommand } from "./grade-cli";
import { storedReceipt, storeReceipt } from "./receipts-file";
import { openTestCourse, type TestCourse } from "./testing-course";

let course: TestCourse;
let directory: string;
beforeAll(async () => {
  course = await openTestCourse();
  directory = await mkdtemp(path.join(tmpdir(), "pagewalk-grade-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function run(argv: string[], more: Partial<GradeContext> = {}) {
  const lines: string[] = [];
  const receiptsDirectory = path.join(directory, "receipts");
  const context = { loadCourse: () => loadCourse(), loadEngine: async () => course.engine, receiptsDirectory };
  const exit = await gradeCommand(argv, { ...context, write: (line) => lines.push(line), ...more });
  return { exit, text: lines.join("\n"), receiptsDirectory };
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const place = path.join(directory, name);
  await writeFile(place, content);
  return place;
}

describe("npm run grade", () => {
  it("ends with 0 and a receipt on full score", async () => {
    const { exit, text } = await run([
      "03-split-a-block",
      await file("good.ts", course.exercise("split-a-block").solutions[1]!),
    ]);
    expect(exit).toBe(0);
    expect(text).toMatch(/^Split a block\nPassed: 25 of 25 cases, 100\/100 points\n/);
    expect(text).toMatch(/Receipt [0-9a-f]{32} \(seed [0-9a-f]{32}\)/);
  });

  it("shows verdict, first difference, smallest counterexample, mistake and groups, and ends with 1", async () => {
    const { source } = course.exercise("free-and-merge").mutants.find(({ name }) => name === "merges-once")!;
    const { exit, text } = await run([
      "exercises/06-buddy/04-free-and-merge/",
      await file("once.ts", source),
      "--seed",
      "s",
    ]);
    expect(exit).toBe(1);
    expect(text).toContain("✓ A freed block is counted, marked and put at the head (passed)");
    expect(text).toContain("✗ Free buddies become one block, again and again (not passed)");
    expect(text).toContain("First failing case: merge-once-and-on, step 7 of 10: free(e)");
    expect(text).toMatch(/zone\.freeArea\[3\]\.freeList +expected \[8\], yours \[\]/);
    expect(text).toContain("Smallest counterexample (2 operations");
    expect(text).toContain("2. free(a)   <- here yours differs");
    expect(text).toContain("Known mistake: After one merge no further one is tried.");
  });

  it("prints the verdict as data with --json", async () => {
    const { exit, text } = await run(["buddy-of", await file("b.ts", course.exercise("buddy-of").starter), "--json"]);
    expect(exit).toBe(1);
    expect(JSON.parse(text)).toMatchObject({ status: "failed", maxScore: 20, receipt: { exercise: "buddy-of" } });
  });

  it("says in the language asked for what is wrong with the command line", async () => {
    const good = await file("x.ts", "export {}");
    expect(await run([])).toMatchObject({ exit: 2, text: expect.stringContaining("Usage: npm run grade") });
    expect(await run(["split", good, "--fast"])).toMatchObject({ exit: 2, text: "There is no option --fast." });
    expect(await run(["split-a-block", "/nowhere/x.ts"])).toMatchObject({
      exit: 2,
      text: expect.stringContaining("There is no file /nowhere/x.ts."),
    });
    expect(await run(["split-a-block", directory])).toMatchObject({
      exit: 2,
      text: expect.stringContaining("is a folder"),
    });
    expect((await run(["nothing", good, "--locale", "zh-CN"])).text).toContain("没有名为“nothing”的练习");
    expect((await run(["nothing", good, "--locale", "fr"])).text).toContain("Usage");
  });

  it("names the closest exercise first", async () => {
    expect((await run(["split-block", await file("y.ts", "")])).text).toMatch(
      /^There is no exercise “split-block”\. Did you mean split-a-block, /,
    );
  });

  it("refuses an empty file, one of 65 KiB and one that is not UTF-8, each in its own words", async () => {
    const refused = async (name: string, content: string | Uint8Array, ...more: string[]) =>
      run(["split-a-block", await file(name, content), ...more]);
    expect(await refused("empty.ts", " \n")).toMatchObject({
      exit: 1,
      text: expect.stringContaining("The file is empty."),
    });
    expect((await refused("large.ts", "x".repeat(65 * 1024))).text).toContain(
      "66,560 bytes; at most 65,536 are graded",
    );
    expect((await refused("latin.ts", Uint8Array.of(0x2f, 0x2f, 0xe9, 0x0a))).text).toContain(
      "not UTF-8 text: the byte at offset",
    );
    expect((await refused("leer.ts", "", "--locale", "zh-CN")).text).toMatch(/[\u4e00-\u9fff]/);
  });

  it("explains a missing export, a wrong arity and a wrong return type", async () => {
    const told = async (name: string, source: string) => (await run(["buddy-of", await file(name, source)])).text;
    expect(await told("none.ts", "export const x = 1;")).toContain(
      "There is no exported function buddyOf. Write export function buddyOf(index, order).",
    );
    expect(
      await told(
        "arity.ts",
        "export function buddyOf(i: number) { return i; } export function parentOf(i: number, k: number) { return i; }",
      ),
    ).toContain("buddyOf takes 2 parameters (index, order); yours takes 1.");
    const text =
      "export function buddyOf(i: number, k: number) { return 'x'; } export function parentOf(i: number, k: number) { return i; }";
    expect(await told("type.ts", text)).toContain("buddyOf must return a number; it returned string.");
  });

  it("grades a break-it exercise from its text file", async () => {
    const { solutions, starter } = course.exercise("break-the-merge");
    expect((await run(["break-the-merge", await file("t.txt", solutions[1]!)])).exit).toBe(0);
    expect((await run(["break-the-merge", await file("s.txt", starter)])).text).toContain(
      "The faulty machine behaves like Linux on this trace",
    );
    const longer = `${solutions[0]!}x = alloc 0\n`;
    expect((await run(["break-the-merge", await file("l.txt", longer)])).text).toContain(
      "exposes the mistake with 6 operations",
    );
    expect((await run(["break-the-merge", await file("i.txt", "free a")])).text).toContain(
      "No block called a is in use here",
    );
  });
});

describe("npm run grade -- --replay", () => {
  it("recomputes a stored verdict and says identical", async () => {
    const graded = await run(["buddy-of", await file("r.ts", course.exercise("buddy-of").starter), "--json"]);
    const { receipt } = JSON.parse(graded.text) as { receipt: { id: string; verdictHash: string } };
    expect(await run(["--replay", receipt.id])).toMatchObject({
      exit: 0,
      text: expect.stringContaining(`identical: the replay gives verdict ${receipt.verdictHash}`),
    });

    const stored = (await storedReceipt(graded.receiptsDirectory, receipt.id))!;
    const elsewhere = { receiptsDirectory: path.join(directory, "none"), receiptFor: async () => stored };
    expect((await run(["--replay", receipt.id], elsewhere)).exit).toBe(0);
  });

  it("says what differs when the source behind a receipt is another one", async () => {
    const graded = await run(["buddy-of", await file("d.ts", course.exercise("buddy-of").starter), "--json"]);
    const { receipt } = JSON.parse(graded.text) as { receipt: { id: string } };
    const stored = (await storedReceipt(graded.receiptsDirectory, receipt.id))!;
    await storeReceipt(graded.receiptsDirectory, { ...stored, source: course.exercise("buddy-of").solutions[0]! });
    const { exit, text } = await run(["--replay", receipt.id]);
    expect(exit).toBe(1);
    expect(text).toMatch(/^different: id was .*; sourceHash was .*; fuel was .*; verdictHash was /);
  });

  it("says where it looked for a receipt that does not exist", async () => {
    expect(await run(["--replay", "0".repeat(32)])).toMatchObject({
      exit: 2,
      text: expect.stringContaining("There is no receipt 000"),
    });
    expect((await run(["--replay", "../../etc/passwd"])).exit).toBe(2);
  });
});
