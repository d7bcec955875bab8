import { beforeAll, describe, expect, it } from "vitest";
import { type BuiltEngine, buildEngine, ensureEngine, readEngine } from "./build-engine";
import { loadEngine } from "./engine";
import record from "./engine/engine.json";
import { createInstance } from "./instance";
import { depthGlobal, fuelGlobal, maxCharge } from "./meter";
import { isFloat, tags } from "./quickjs";
import { type Instruction, readWasm } from "./wasm-reader";

let built: BuiltEngine;
beforeAll(async () => {
  await ensureEngine();
  built = await buildEngine();
});

const opcodes = {
  loop: 0x03,
  if: 0x04,
  unreachable: 0x00,
  end: 0x0b,
  call: 0x10,
  getGlobal: 0x23,
  setGlobal: 0x24,
  i64Const: 0x42,
};
const lessThan = 0x53;
const subtract = 0x7d;

/** `fuel = fuel - n; if (fuel < 0) trap` starts at this instruction. */
function chargesAt(code: readonly Instruction[], at: number, fuel: number): boolean {
  const shape = code.slice(at, at + 10);
  const amount = shape[1]?.immediate ?? 0;
  return (
    shape.map(({ opcode }) => opcode).join() ===
      [
        opcodes.getGlobal,
        opcodes.i64Const,
        subtract,
        opcodes.setGlobal,
        opcodes.getGlobal,
        opcodes.i64Const,
        lessThan,
        opcodes.if,
        opcodes.unreachable,
        opcodes.end,
      ].join() &&
    [0, 3, 4].every((i) => shape[i]?.immediate === fuel) &&
    amount >= 1 &&
    amount <= maxCharge &&
    shape[5]?.immediate === 0
  );
}

describe("the metered engine", () => {
  it("charges every function entry and every loop header", () => {
    const wasm = readWasm(built.wasm);
    const fuel = wasm.exportedGlobal(fuelGlobal)!;
    // The last function is the pass's own: it charges bulk instructions by size.
    const functions = wasm.functions.slice(0, -1);
    let loops = 0;
    for (const [index, code] of functions.entries()) {
      expect(chargesAt(code, 0, fuel), `entry of function ${index}`).toBe(true);
      for (const [at, { opcode }] of code.entries()) {
        if (opcode !== opcodes.loop) continue;
        loops++;
        expect(chargesAt(code, at + 1, fuel), `loop ${at} of function ${index}`).toBe(true);
      }
    }
    expect(functions).toHaveLength(record.counts.functions);
    expect(loops).toBe(record.counts.loops);
    expect(loops).toBeGreaterThan(1000);
  });

  it("charges every bulk memory instruction by its size", () => {
    const wasm = readWasm(built.wasm);
    const helper = wasm.importedFunctions + wasm.functions.length - 1;
    let bulk = 0;
    for (const code of wasm.functions) {
      for (const [at, { opcode, sub }] of code.entries()) {
        if (opcode !== 0xfc || (sub !== 10 && sub !== 11)) continue;
        bulk++;
        // The size is the last operand, so the instruction before must be the call that charges for it.
        expect(code[at - 1]).toMatchObject({ opcode: opcodes.call, immediate: helper });
      }
    }
    expect(bulk).toBe(record.counts.bulk);
  });

  it("lets nothing inside write the fuel except charges", () => {
    const wasm = readWasm(built.wasm);
    const fuel = wasm.exportedGlobal(fuelGlobal)!;
    const writes = (code: readonly Instruction[]) =>
      code.filter(({ opcode, immediate }) => opcode === opcodes.setGlobal && immediate === fuel).length;
    const charges = (code: readonly Instruction[]) => code.filter((_, at) => chargesAt(code, at, fuel)).length;
    for (const code of wasm.functions.slice(0, -1)) expect(writes(code)).toBe(charges(code));
  });

  it("is the recorded one, byte for byte, however often it is built", async () => {
    expect(built.record).toEqual(record);
    const again = await buildEngine();
    expect(Buffer.compare(again.wasm, built.wasm)).toBe(0);
    expect(Buffer.compare(await readEngine(), built.wasm)).toBe(0);
  });

  it("is refused if a byte differs", async () => {
    const forged = built.wasm.slice();
    forged[forged.length - 1]! ^= 1;
    await expect(loadEngine(forged)).rejects.toThrow(/not the recorded one/);
  });

  it("counts call depth back to zero after every way out of a function", async () => {
    const engine = await loadEngine(built.wasm.slice());
    const instance = createInstance(engine.module, { callFunction: () => 0, shouldInterrupt: () => false });
    instance.restore(engine.image);
    for (const code of [
      "1 + 1",
      "(() => { for (const x of [1, 2]) return x })()",
      "try { null.x } catch (e) { e.stack }",
    ]) {
      instance.evaluate(engine.boot.context, code, "test.js");
      expect(instance.engine[depthGlobal]?.value).toBe(0);
    }
  });

  it("stores values as the tags say", async () => {
    const engine = await loadEngine(built.wasm.slice());
    const instance = createInstance(engine.module, { callFunction: () => 0, shouldInterrupt: () => false });
    instance.restore(engine.image);
    const tagOf = (code: string) => instance.tagOf(instance.evaluate(engine.boot.context, code, "test.js"));
    expect([tagOf("7"), tagOf("true"), tagOf("null"), tagOf("undefined"), tagOf("({})"), tagOf("'x'")]).toEqual([
      tags.int,
      tags.bool,
      tags.null,
      tags.undefined,
      tags.object,
      tags.string,
    ]);
    for (const [code, number] of Object.entries({
      "0.5": 0.5,
      "1e300": 1e300,
      "2 ** 31": 2 ** 31,
      "0 / 0": Number.NaN,
      "-1 / 0": -1 / 0,
    })) {
      const value = instance.evaluate(engine.boot.context, code, "test.js");
      expect(isFloat(instance.tagOf(value)), code).toBe(true);
      expect(instance.engine.QTS_GetFloat64(engine.boot.context, value)).toBe(number);
    }
    for (const code of ["0", "-1", "''", "[]", "Symbol()", "10n", "(() => 1)"])
      expect(isFloat(tagOf(code)), code).toBe(false);
  });
});
