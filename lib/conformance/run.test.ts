import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { adapters } from "./adapters";
import type { Json } from "./data-set";
import { type DataSetResult, runConformance } from "./run";

const samples = join(import.meta.dirname, "samples");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "conformance-"));
  mkdirSync(join(folder, "buddy"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function resultOf(path: string): DataSetResult {
  const result = [...runConformance(folder)].find((each) => each.path === path);
  if (!result) throw new Error(`no result for ${path}`);
  return result;
}

/** A sample with one value changed. */
function spoil<Data>(file: string, change: (data: Data) => void): void {
  const data: Data = JSON.parse(readFileSync(join(samples, "buddy", file), "utf8"));
  change(data);
  writeFileSync(join(folder, "buddy", file), JSON.stringify(data));
}

describe("conformance", () => {
  it("finds that the simulator agrees with the kernel on every sample", () => {
    const results = [...runConformance(samples)];
    expect(results).toEqual([
      { kind: "run", path: "buddy/buddy_pcp_2.6.11.json", passed: 1, failed: 0, firstFailure: null, skipped: [] },
      { kind: "run", path: "buddy/buddy_traces.json", passed: 3, failed: 0, firstFailure: null, skipped: [] },
      { kind: "run", path: "buddy/zone_watermark_ok.json", passed: 60, failed: 0, firstFailure: null, skipped: [] },
    ]);
  });

  it("names the operation, the expected and the actual value of the first failure", () => {
    spoil<{ traces: { ops: Json[][] }[] }>("buddy_traces.json", (data) => {
      data.traces[1]!.ops.find(([kind]) => kind === "a")![2] = 12345;
    });
    expect(resultOf("buddy/buddy_traces.json")).toMatchObject({
      kind: "run",
      passed: 2,
      failed: 1,
      firstFailure: {
        name: expect.stringContaining("trace 1"),
        difference: { at: expect.stringMatching(/^op \d+ alloc/), expected: 12345 },
      },
    });
  });

  it("notices a wrong order of a free list and of a per-CPU list", () => {
    spoil<{ traces: { ops: Record<string, number[]>[][] }[] }>("buddy_pcp_2.6.11.json", (data) => {
      const trace = data.traces[0]!;
      trace.ops.find((op) => (op[4]?.hot?.length ?? 0) > 1)![4]!.hot!.reverse();
    });
    expect(resultOf("buddy/buddy_pcp_2.6.11.json")).toMatchObject({
      failed: 1,
      firstFailure: { difference: { at: expect.stringContaining("hot list") } },
    });
  });

  it("checks the long traces at their checkpoints", () => {
    const trace = {
      zone_pages: 16,
      zone_start_pfn: 0,
      init: "pages_asc",
      initial_free: [[], [], [], [], [0], [], [], [], [], [], []],
      ops: [["a", 3, 0]],
      checkpoints: [{ after_op: 0, nr_free: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], sha256: "0".repeat(64) }],
    };
    const [outcome] = adapters["buddy/buddy_long.json"]!({ traces: [trace] }, () => "");
    expect(outcome?.difference?.at).toBe("op 0 alloc(order 3): sha256 of the lists");
  });

  it("counts a file that is no JSON, or has another shape, as unreadable and not as failed", () => {
    writeFileSync(join(folder, "buddy", "buddy_traces.json"), "{");
    writeFileSync(join(folder, "buddy", "buddy_pcp_2.6.11.json"), '{"traces":[{"zone_pages":"many","pcp":{}}]}');
    writeFileSync(join(folder, "buddy", "zone_watermark_ok.json"), '{"cases":7}');
    for (const result of runConformance(folder)) expect(result.kind).toBe("unreadable");
  });

  it("takes numbers that no machine has for bad data, not for work", () => {
    const zone = {
      free_pages: 1,
      lowmem_reserve: [0, 0, 0],
      nr_free: [1],
      mark: 0,
      can_try_harder: 0,
      gfp_high: 0,
      ok: 0,
    };
    mkdirSync(join(folder, "ostep"));
    const files = {
      "buddy/zone_watermark_ok.json": { cases: [{ ...zone, order: 2 ** 31, classzone_idx: 0 }] },
      "ostep/policy.json": { cases: [{ policy: "RAND", accesses: [1, 2], cachesize: 1, draws: [], steps: [] }] },
      "ostep/paging_multilevel.json": { cases: [{ pages: Array(129).fill("00".repeat(32)) }] },
    };
    for (const [path, data] of Object.entries(files)) {
      writeFileSync(join(folder, path), JSON.stringify(data));
      expect(resultOf(path).kind, path).toBe("unreadable");
    }
  });

  it("leaves out the rows of other kernels and says how many and why", () => {
    mkdirSync(join(folder, "watermarks"));
    writeFileSync(join(folder, "watermarks", "watermarks.json"), '{"cases":{"2.6.20":[{},{}]}}');
    expect(resultOf("watermarks/watermarks.json")).toMatchObject({
      kind: "run",
      passed: 0,
      failed: 0,
      skipped: [{ reason: expect.stringContaining("2.6.20"), cases: 2 }],
    });
  });

  it("skips what it has no adapter for and says why", () => {
    mkdirSync(join(folder, "proc_samples"));
    writeFileSync(join(folder, "proc_samples", "samples.json"), "{}");
    writeFileSync(join(folder, "other.json"), "{}");
    expect(resultOf("proc_samples/samples.json")).toMatchObject({
      kind: "skipped",
      reason: expect.stringContaining("samples"),
    });
    expect(resultOf("other.json")).toMatchObject({ kind: "skipped", reason: "no adapter knows this data set" });
    const [alone] = [...runConformance(join(folder, "proc_samples"))];
    expect(alone).toMatchObject({ path: "samples.json", reason: expect.stringContaining("not cases") });
  });
});

describe("npm run conformance", () => {
  const run = (dir: string) =>
    spawnSync(process.execPath, ["--import", "tsx", join(import.meta.dirname, "main.ts"), dir], { encoding: "utf8" });

  it("ends with the sum and exit code 0 when all pass", () => {
    const { stdout, status } = run(samples);
    expect(stdout.trim().split("\n").at(-1)).toBe("64 passed, 0 failed");
    expect(status).toBe(0);
  });

  it("ends with exit code 1 on a failed case and 2 on a file or folder it cannot read", () => {
    cpSync(samples, folder, { recursive: true });
    spoil<{ cases: { ok: number }[] }>("zone_watermark_ok.json", (data) => {
      const first = data.cases[0]!;
      first.ok = 1 - first.ok;
    });
    expect(run(folder).status).toBe(1);
    writeFileSync(join(folder, "buddy", "buddy_traces.json"), "{");
    const unreadable = run(folder);
    expect(unreadable.status).toBe(2);
    expect(unreadable.stderr).toContain("cannot read buddy/buddy_traces.json");
    expect(run(join(folder, "nowhere")).status).toBe(2);
  });
});
