// The hostile submissions of ./attacks, through the whole grader. Their first lines say what MUST happen. They are kept as text
// files, out of reach of compilers and linters.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Exercise } from "@/lib/course/exercise";
import { allExercises, loadCourse } from "@/lib/course/load";
import { ensureEngine, readEngine } from "./build-engine";
import { compile } from "./compile";
import { type Engine, loadEngine } from "./engine";
import { grade } from "./grade";
import { openSandbox } from "./sandbox";
import type { Verdict } from "./verdict";

const folder = join(import.meta.dirname, "attacks");

/** What each file must come to. A limit is named where more than one may be met first, depending on the fuel of the exercise. */
const expected: Readonly<Record<string, Verdict["status"] | readonly Verdict["status"][]>> = {
  "01-infinite-loop.js": "step_limit",
  "02-infinite-recursion.js": "runtime_error",
  "03-array-bomb.js": ["memory_limit", "step_limit"],
  "04-string-bomb.js": ["memory_limit", "step_limit"],
  "05-arraybuffer-bomb.js": "memory_limit",
  "06-regex-backtracking.js": "step_limit",
  "07-prototype-pollution.js": "failed",
  "08-constructor-process.js": "runtime_error",
  "09-dynamic-import.js": "failed",
  "10-exotic-return-values.js": "failed",
  "11-exotic-throw.js": "runtime_error",
  "11b-error-getters.js": "runtime_error",
  "12-promise-starvation.js": "failed",
  "13-forge-globals.js": "failed",
  "14-read-hidden-tests.js": "failed",
  "15-output-flood.js": "output_limit",
  "16-exit-with-forged-result.js": "failed",
  "17-keepalive.js": "failed",
  "18-atomics-wait.js": "runtime_error",
  "19-wasm-bomb.js": "runtime_error",
  "20-deep-nested-return.js": ["failed", "step_limit"],
  "21-huge-string-return.js": ["failed", "memory_limit"],
  "22-bigint-bomb.js": ["step_limit", "memory_limit"],
  "23-long-builtin.js": ["step_limit", "memory_limit"],
  "24-swallow-interrupt.js": "step_limit",
  "25-swallow-oom.js": ["step_limit", "memory_limit"],
  "26-nondeterminism.js": "failed",
  "27-fork-bomb.js": "runtime_error",
  "28-worker-flood.js": "runtime_error",
  "29-network.js": "runtime_error",
  "30-detach-shared-buffer.js": "failed",
  "31-syntax-error.ts": "compile_error",
  "32-throws-at-line-6.ts": "runtime_error",
  "33-gc-thrash.js": ["step_limit", "memory_limit"],
  "34-defineproperty-trap-constructor.js": "step_limit",
  "35-leak-between-submissions.js": "failed",
};

/** Lets `class Buddy { alloc; free }` stand where the exercise wants rmqueue and expand: every call reaches the attack. */
const adapter = `
;{
  const Attack = module.exports.Buddy;
  const buddy = new Attack(new ArrayBuffer(4160), 4096);
  exports.rmqueue = function (zone, order) { return buddy.alloc(order); };
  exports.expand = function (zone, page, low, high) { const got = buddy.alloc(low); buddy.free(0); return got; };
}`;

const read = (file: string) => readFileSync(join(folder, `${file}.txt`), "utf8");
let engine: Engine;
let exercise: Exercise;

beforeAll(async () => {
  await ensureEngine();
  engine = await loadEngine(await readEngine());
  exercise = allExercises(await loadCourse()).find(({ slot }) => slot === "buddy-expand")!;
});

const gradeSource = (source: string) => grade({ exercise, source, seed: "attacks", scope: "all" }, engine);

describe("hostile submissions", () => {
  it("are all here, each with its expected end", () => {
    const files = readdirSync(folder).map((file) => file.replace(/\.txt$/, ""));
    expect(files.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.entries(expected))(
    "%s is contained as %s, twice alike, and hurts nobody after it",
    async (file, status) => {
      const source = read(file) + adapter;
      const first = await gradeSource(source);
      const second = await gradeSource(source);
      expect([status].flat()).toContain(first.status);
      expect(first.score).toBe(0);
      expect(second).toEqual(first);

      const text = JSON.stringify(first);
      expect(first.output.text).not.toMatch(/ESCAPED|LEAK/);
      for (const secret of [process.cwd(), "/lib/grader", "node:internal", "wasm-function", "mutants/"]) {
        expect(text).not.toContain(secret);
      }
      expect(first.output.text.length).toBeLessThanOrEqual(64 * 1024);

      const good = await gradeSource(exercise.solutions[0]!);
      expect(good.status).toBe("passed");
    },
  );

  it("name the line: a syntax error on line 3, an exception on line 6", async () => {
    const syntax = await gradeSource(read("31-syntax-error.ts"));
    expect(syntax.failure?.place?.line).toBe(3);
    const thrown = await gradeSource(read("32-throws-at-line-6.ts") + adapter);
    const failure = thrown.failure ?? thrown.cases.find((one) => one.failure)?.failure;
    expect(failure).toMatchObject({ place: { line: 6 }, functionName: "alloc" });
  });

  it("cannot detach the machine unnoticed where they get hold of its buffer", () => {
    const contract = { name: "alloc", params: [{ name: "order", type: "number" }], returns: "number" } as const;
    const source = `${read("30-detach-shared-buffer.js")}
;{ const buddy = new module.exports.Buddy(require("kernel").memory); exports.alloc = function (order) { return buddy.alloc(order); }; }`;
    const compiled = compile(source);
    if (!compiled.ok) throw new Error("it must compile");
    const sandbox = openSandbox(engine, { source: compiled.js, limits: { fuel: 1e8 }, seed: 1 });
    const guest = sandbox.guest({ functions: [contract], memoryBytes: 4160, kernel: "(memory) => ({ memory })" });
    expect(() => guest.call("alloc", [0])).toThrow(expect.objectContaining({ status: "detached" }));
  });
});
