import { createTranslator } from "use-intl/core";
import { beforeAll, describe, expect, it } from "vitest";
import { bootBuddyMachine, buddyMachineBytes } from "@/lib/sim/buddy-machine";
import { KernelBug } from "@/lib/sim/kernel-bug";
import { kernelSource } from "@/lib/slots/kernel-library";
import type { FunctionContract, HostFunctions, Value } from "@/lib/slots/slot";
import en from "@/lib/words/en/verdict.json";
import zhCN from "@/lib/words/zh-CN/verdict.json";
import { ensureEngine, readEngine } from "./build-engine";
import { type Engine, loadEngine } from "./engine";
import type { GuestError } from "./guest-error";
import { limits } from "./limits";
import { openSandbox } from "./sandbox";

let engine: Engine;
beforeAll(async () => {
  await ensureEngine();
  engine = await loadEngine(await readEngine());
});

const number: FunctionContract = { name: "f", params: [{ name: "a", type: "number" }], returns: "number" };
const returning = (returns: FunctionContract["returns"], params: FunctionContract["params"] = number.params) => ({
  name: "f",
  params,
  returns,
});
/** A library that shows the raw memory and calls out. */
const rawKernel = `(memory, host) => ({ memory, call: (name, ...args) => host[name](...args) })`;

interface Options {
  contract?: FunctionContract;
  kernel?: string;
  memoryBytes?: number;
  fuel?: number;
  host?: HostFunctions;
  seed?: number;
}
function open(source: string, options: Options = {}) {
  const { contract = number, kernel = rawKernel, memoryBytes = 0, fuel = 100_000_000, host = {}, seed = 1 } = options;
  return openSandbox(engine, { source, limits: { fuel }, seed }).guest({
    functions: [contract],
    memoryBytes,
    kernel,
    host,
  });
}
const call = (source: string, args: Value[] = [1], options: Options = {}) => open(source, options).call("f", args);
function failing(act: () => unknown): GuestError {
  try {
    act();
  } catch (error) {
    return error as GuestError;
  }
  throw new Error("it did not fail");
}

describe("values across the border", () => {
  it.each([
    ["number", "7", 7],
    ["number", "-0.5", -0.5],
    ["number", "2 ** 40", 2 ** 40],
    ["number?", "null", null],
    ["boolean", "false", false],
    ["void", "undefined", null],
    ["value", "({ a: [1, 'x', null, true], b: {} })", { a: [1, "x", null, true], b: {} }],
    ["value", "[]", []],
    ["value", "'中\\n\"'", '中\n"'],
  ] as const)("come back as %s: %s", (returns, expression, value) => {
    expect(call(`exports.f = (a) => (${expression})`, [1], { contract: returning(returns) })).toEqual(value);
  });

  it.each([
    ["number", "'7'", "string"],
    ["number", "NaN", "NaN"],
    ["number", "10n", "bigint"],
    ["number", "null", "null"],
    ["number?", "undefined", "undefined"],
    ["boolean", "1", "number"],
    ["void", "1", "number"],
    ["number", "Promise.resolve(1)", "object"],
    ["value", "() => 1", "function"],
    ["value", "[1, undefined]", "undefined"],
    ["value", "[Infinity]", "Infinity"],
    ["value", "[[[[[[[[[[1]]]]]]]]]]", "a value nested more than 8 deep"],
    ["value", "new Array(30000).fill(0)", "more than 20000 values"],
    ["value", "'x'.repeat(5000)", "a string of 5000 characters"],
  ] as const)("are refused where the contract says %s: %s", (returns, expression, got) => {
    const error = failing(() => call(`exports.f = (a) => (${expression})`, [1], { contract: returning(returns) }));
    expect(error.status).toBe("bad_return");
    expect(error.failure.message.args.got).toBe(got);
  });

  it("go in as numbers, booleans, lists and records", () => {
    const contract = returning("value", [
      { name: "a", type: "number" },
      { name: "b", type: "boolean" },
      { name: "c", type: "value" },
    ]);
    const args = [-1.5, true, { list: [1, "中", null] }];
    expect(call("exports.f = (a, b, c) => [a, b, c]", args, { contract })).toEqual(args);
  });

  it("are read on the guest's own fuel", () => {
    const contract = returning("value");
    const error = failing(() => call("exports.f = (a) => ({ get x() { for (;;); } })", [1], { contract }));
    expect(error.status).toBe("step_limit");
  });
});

describe("a guest's failures", () => {
  it("name what was thrown, with the learner's line, column and function", () => {
    const error = failing(() => call("exports.f = function f(a) {\n  throw new TypeError('bad ' + a);\n};"));
    expect(error).toMatchObject({
      status: "runtime_error",
      thrown: "TypeError",
      failure: { raw: "TypeError: bad 1", place: { line: 2, column: 22 }, functionName: "f" },
    });
  });

  it("count columns of the first line from the learner's first character", () => {
    expect(failing(() => call("exports.f = (a) => missing;")).failure.place).toEqual({ line: 1, column: 20 });
  });

  it("stop an endless loop in the function that loops", () => {
    const error = failing(() =>
      call("function spin() { for (;;) Math.abs(1); }\nexports.f = function f(a) { spin(); };"),
    );
    expect(error).toMatchObject({ status: "step_limit", failure: { functionName: "spin", place: { line: 1 } } });
  });

  it.each([
    ["function spin(n) {\n  for (;;) n++;\n}", "spin"],
    ["const spin = (n) => {\n  for (;;);\n}", "spin"],
    ["const { spin } = {\n  spin(n) { for (;;); } };", "spin"],
  ])("name the function alone where an endless loop has no line that the engine knows: %s", (top, functionName) => {
    const error = failing(() => call(`${top}\nexports.f = function f(a) {\n  spin(1);\n};`));
    expect(error).toMatchObject({ status: "step_limit", failure: { functionName, place: null } });
  });

  it("name no place that a stack written by the code itself has made up", () => {
    const error = failing(() =>
      call("exports.f = (a) => { const e = new Error('x'); e.stack = '    at f (student.ts:0:0)'; throw e; }"),
    );
    expect(error.failure).toMatchObject({ place: null, functionName: null });
  });

  it("stop endless recursion, and what recurses inside the engine, as stack overflow", () => {
    const nested = "let b = []; for (let i = 0; i < 100000; i++) b = [b];";
    for (const body of ["return exports.f(a) + 1", `${nested} JSON.stringify(b)`, `${nested} b.flat(Infinity)`]) {
      const error = failing(() => call(`exports.f = (a) => { ${body} }`, [1], { fuel: 1e9 }));
      expect(error.failure.message.key, body).toBe("guest.stack");
    }
  });

  it("stop hoarding as memory limit", () => {
    const source = "exports.f = (a) => { const keep = []; for (;;) keep.push(new Uint8Array(1 << 20)); }";
    expect(failing(() => call(source)).status).toBe("memory_limit");
  });

  it("stop printing as output limit and keep the beginning", () => {
    const guest = open("exports.f = (a) => { for (;;) console.log('x'.repeat(99)); }");
    expect(failing(() => guest.call("f", [1])).status).toBe("output_limit");
    expect(guest.output.text).toHaveLength(limits.outputChars);
    expect(guest.output.totalChars).toBeGreaterThan(limits.outputChars);
  });

  it("are told for a missing export and for the wrong number of parameters", () => {
    expect(failing(() => open("exports.g = 1")).failure.message).toEqual({
      key: "guest.missingExport",
      args: { name: "f", list: "a" },
    });
    expect(failing(() => open("exports.f = () => 1")).failure.message.key).toBe("guest.wrongArity");
  });

  it("include what only the engine's own compiler refuses", () => {
    const error = failing(() => open("const a = 1;\nconst a = 2;"));
    expect(error).toMatchObject({ status: "compile_error", failure: { place: { line: 2 } } });
  });

  it("have a sentence in both languages, with every value in its place", () => {
    const errors = [
      "exports.f = (a) => 'x'",
      "exports.f = (a) => { throw 1 }",
      "exports.f = (a) => { for (;;); }",
      "exports.f = () => 1",
      "1",
      `exports.f = (a) => ${"[".repeat(400)}${"]".repeat(400)}`,
    ].map((source) => failing(() => call(source)));
    const failLoudly = (error: Error) => {
      throw error;
    };
    for (const [locale, messages] of [
      ["en", en],
      ["zh-CN", zhCN],
    ] as const) {
      const translate = createTranslator({ locale, messages: messages as never, onError: failLoudly }) as unknown as (
        key: string,
        args: object,
      ) => string;
      for (const { failure } of errors) {
        const text = translate(failure.message.key, failure.message.args);
        expect(text).not.toMatch(/[{}]|undefined/);
        expect(text.length).toBeGreaterThan(5);
      }
    }
  });
});

describe("the machine's memory", () => {
  it("is the same bytes on both sides, without a copy", () => {
    const guest = open(
      "const u32 = new Uint32Array(require('kernel').memory); exports.f = (a) => { u32[2] = u32[1] + a; return u32[2]; }",
      {
        memoryBytes: 64,
      },
    );
    guest.memory!.u32[1] = 40;
    expect(guest.call("f", [2])).toBe(42);
    expect(guest.memory!.u32[2]).toBe(42);
  });

  it("is found again after the engine's memory has moved", () => {
    const guest = open(
      "const keep = []; const u32 = new Uint32Array(require('kernel').memory); exports.f = (a) => { for (let i = 0; i < 30; i++) keep.push(new Uint8Array(1 << 20)); u32[0] = 9; return 0; }",
      { memoryBytes: 64, fuel: 1e9 },
    );
    const { memory } = guest;
    const before = memory!.buffer;
    guest.call("f", [1]);
    expect(memory!.buffer).not.toBe(before);
    expect(memory!.u32[0]).toBe(9);
  });

  it.each(["transfer(0)", "transfer()", "transfer(1 << 20)"])("is missed when it is detached by %s", (how) => {
    const source = `exports.f = (a) => { require("kernel").memory.${how}; return 0; }`;
    expect(failing(() => open(source, { memoryBytes: 64 }).call("f", [1])).status).toBe("detached");
  });

  it("is found by a host function after it has moved in the middle of a call", () => {
    const guest = open(
      "const keep = []; const kernel = require('kernel'); exports.f = (a) => { for (let i = 0; i < 30; i++) keep.push(new Uint8Array(1 << 20)); return kernel.call('bump', a); }",
      { memoryBytes: 64, fuel: 1e9 },
    );
    const memory = guest.memory!;
    memory.u32[3] = 41;
    guest.setHost({ bump: (by) => (memory.u32[3]! += by) });
    expect(guest.call("f", [1])).toBe(42);
  });

  it("is not touched by a host function once it is detached", () => {
    const source = `exports.f = (a) => { const { memory, call } = require("kernel"); memory.transfer(0); return call("poke", a); }`;
    const pokes: number[] = [];
    const poke = (value: number) => pokes.push(value);
    expect(failing(() => open(source, { memoryBytes: 64, host: { poke } }).call("f", [1])).status).toBe("detached");
    expect(pokes).toEqual([]);
  });

  it("reaches the learner as pages and zones of the kernel library", () => {
    const config = { pages: 64, init: "one-block" } as const;
    const contract = returning("page?", [
      { name: "zone", type: "zone" },
      { name: "page", type: "page" },
    ]);
    const guest = open(
      "const { pageAt, pageIndex } = require('kernel'); exports.f = (zone, page) => pageAt(zone, pageIndex(zone, page) + zone.spannedPages - 65)",
      { contract, kernel: kernelSource(), memoryBytes: buddyMachineBytes(config) },
    );
    const machine = bootBuddyMachine(config, guest.memory!);
    expect(guest.call("f", [machine.zone, machine.memMap + 32 * 5])).toBe(machine.memMap + 32 * 4);
    expect(guest.call("f", [machine.zone, machine.memMap])).toBe(0);
  });
});

describe("host functions", () => {
  it("take and give numbers, also when they come after the guest", () => {
    const guest = open("exports.f = (a) => require('kernel').call('add', a, 2)");
    guest.setHost({ add: (a, b) => a! + b! });
    expect(guest.call("f", [40])).toBe(42);
  });

  it("refuse anything but whole numbers", () => {
    const host = { add: () => 1 };
    for (const value of ["'x'", "{}", "0.5", "new Proxy({}, {})"]) {
      expect(
        failing(() => call(`exports.f = (a) => require('kernel').call('add', ${value})`, [1], { host })).status,
      ).toBe("runtime_error");
    }
  });

  it("hand a kernel's BUG to the learner's code as an exception", () => {
    const host = {
      stop: () => {
        throw new KernelBug("double-free", { pfn: 3 });
      },
    };
    const source =
      "exports.f = (a) => { try { require('kernel').call('stop'); } catch (e) { return e.name === 'KernelBug' ? 1 : 2; } }";
    expect(call(source, [1], { host })).toBe(1);
    expect(failing(() => call("exports.f = (a) => require('kernel').call('stop')", [1], { host })).thrown).toBe(
      "KernelBug",
    );
  });

  it("keep our own failures ours", () => {
    const host = {
      broken: () => {
        throw new Error("a bug of the simulator");
      },
    };
    const source = "exports.f = (a) => { try { return require('kernel').call('broken'); } catch { return 1; } }";
    expect(() => call(source, [1], { host })).toThrow("a bug of the simulator");
  });
});

describe("the guest's world", () => {
  it("has no clock, no chance and no place of its own", () => {
    const contract = returning("value");
    const source = `exports.f = (a) => [Date.now(), new Date().getTimezoneOffset(), Math.random(), Math.random(),
      [typeof performance, typeof SharedArrayBuffer, typeof Atomics, typeof WebAssembly, typeof process, typeof setTimeout].join()]`;
    const once = call(source, [1], { contract, seed: 7 });
    expect(call(source, [1], { contract, seed: 7 })).toEqual(once);
    expect(call(source, [1], { contract, seed: 8 })).not.toEqual(once);
    expect((once as Value[])[4]).toBe("undefined,undefined,undefined,undefined,undefined,undefined");
  });

  it("offers no module but kernel", () => {
    expect(failing(() => open('require("fs")')).failure.raw).toContain('there is no module "fs"');
    expect(call('let got = 1; import("fs").then(() => { got = 2; }); exports.f = (a) => got')).toBe(1);
  });

  it("is fresh for every trace, and a trace costs the same whatever ran before it", () => {
    const source =
      "globalThis.count = (globalThis.count | 0) + 1; Array.prototype.mark = 1; exports.f = (a) => globalThis.count";
    const sandbox = openSandbox(engine, { source, limits: { fuel: 1e8 }, seed: 1 });
    const fuels = [1, 2, 3].map(() => {
      const guest = sandbox.guest({ functions: [number], memoryBytes: 64, kernel: rawKernel });
      expect(guest.call("f", [1])).toBe(1);
      return guest.fuelUsed();
    });
    expect(new Set(fuels).size).toBe(1);
    expect(sandbox.fuelUsed()).toBe(fuels[0]! * 3);
  });

  it("goes on in a new engine after one that was stopped hard", () => {
    const source =
      "exports.f = (a) => { if (a === 1) { let x = 3n; for (let i = 0; i < 40; i++) x = x * x; } return a; }";
    const sandbox = openSandbox(engine, { source, limits: { fuel: 1e8 }, seed: 1 });
    const guest = () => sandbox.guest({ functions: [number], memoryBytes: 0, kernel: rawKernel, fuel: 1e7 });
    expect(failing(() => guest().call("f", [1])).status).toBe("step_limit");
    expect(guest().call("f", [2])).toBe(2);
  });

  it("refuses calls of a guest that has ended", () => {
    const sandbox = openSandbox(engine, { source: "exports.f = (a) => a", limits: { fuel: 1e8 }, seed: 1 });
    const options = { functions: [number], memoryBytes: 0, kernel: rawKernel };
    const first = sandbox.guest(options);
    sandbox.guest(options);
    expect(() => first.call("f", [1])).toThrow(/has ended/);
  });

  it("prints values short, and views of the machine by name", () => {
    const guest = open(
      "exports.f = (a) => { console.log('a', [1, 'x', { y: 2 }], null, new RangeError('q'), () => 1, a); return 0; }",
    );
    guest.call("f", [3]);
    expect(guest.output.text).toBe('a [1, "x", {y: 2}] null RangeError: q [function] 3\n');
  });
});
