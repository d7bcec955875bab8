// The metering pass: makes a WebAssembly module count its own steps and its own call depth, and trap when either runs out.
// Theory: every function entry and every loop header subtracts the static size of the code up to the next such point from a
//         global (`__fuel`), and traps below zero; nothing can repeat without passing one of them. Bulk memory instructions
//         work without a loop, so they are charged by size. The global is an export: the host fills and reads it, and nothing
//         inside the module can name it. A second global (`__depth`) bounds the native call stack, whose size differs between
//         machines and browsers, so that endless recursion ends at the same step everywhere.
// Simplified: one charge is at most `maxCharge`: an interpreter's loop has thousands of nodes, of which a turn runs a few.
import binaryen from "binaryen";
import { type Child, childrenOf, type Expression, setFunctionBody } from "./wasm-tree";

export interface MeterCounts {
  readonly functions: number;
  readonly loops: number;
  readonly bulk: number;
  /** Functions that call others: those whose depth is counted. */
  readonly callers: number;
}

export interface MeterOptions {
  /** Nested calls at which the module traps. */
  readonly maxDepth: number;
}

export const fuelGlobal = "__fuel";
export const depthGlobal = "__depth";
const bulkHelper = "__charge_bulk";
/** Upper bound of one static charge. */
export const maxCharge = 16;
/** log2 of the bytes that one unit of fuel moves in a bulk instruction. */
export const bulkShift = 2;
const exitLabel = "__exit";
/** Enough for the module's own start-up; the host sets the real amount before each use. */
const startFuel = 1n << 40n;

const features =
  binaryen.Features.MutableGlobals |
  binaryen.Features.SignExt |
  binaryen.Features.BulkMemory |
  binaryen.Features.BulkMemoryOpt |
  binaryen.Features.NontrappingFPToInt;

/** The module to be changed; the caller emits it. @throws Error for an instruction that the pass does not know. */
export function meter(module: binaryen.Module, options: MeterOptions): MeterCounts {
  module.setFeatures(features);
  module.addGlobal(fuelGlobal, binaryen.i64, true, module.i64.const(startFuel));
  module.addGlobalExport(fuelGlobal, fuelGlobal);
  module.addGlobal(depthGlobal, binaryen.i32, true, module.i32.const(0));
  module.addGlobalExport(depthGlobal, depthGlobal);
  const counts = { functions: 0, loops: 0, bulk: 0, callers: 0 };
  const functionCount = module.getNumFunctions();
  for (let i = 0; i < functionCount; i++) {
    const fn = module.getFunctionByIndex(i);
    const { base, body, results } = binaryen.getFunctionInfo(fn);
    if (base !== "" && base !== null) continue;
    counts.functions++;
    const region = { calls: false };
    const cost = chargeInside(module, body, counts, region);
    let metered = body;
    if (region.calls) {
      counts.callers++;
      metered = countDepth(module, body, results, options.maxDepth);
    }
    setFunctionBody(fn, module.block(null, [...charge(module, cost), metered], results));
  }
  addBulkHelper(module);
  if (!module.validate()) throw new Error("the metered module is not valid");
  return counts;
}

function fuel(module: binaryen.Module): Expression {
  return module.global.get(fuelGlobal, binaryen.i64);
}

function trapBelowZero(module: binaryen.Module): Expression {
  return module.if(module.i64.lt_s(fuel(module), module.i64.const(0n)), module.unreachable());
}

function charge(module: binaryen.Module, nodes: number): Expression[] {
  const amount = module.i64.const(BigInt(Math.min(nodes, maxCharge)));
  return [module.global.set(fuelGlobal, module.i64.sub(fuel(module), amount)), trapBelowZero(module)];
}

/** Charges the loops and bulk instructions below `expression`; returns its nodes outside nested loops. */
function chargeInside(
  module: binaryen.Module,
  expression: Expression,
  counts: { loops: number; bulk: number },
  region: { calls: boolean },
): number {
  const id = binaryen.getExpressionId(expression);
  if (id === binaryen.CallId || id === binaryen.CallIndirectId) region.calls = true;
  const children = childrenOf(expression);
  let nodes = 1;
  for (const child of children) nodes += chargeInside(module, child.expression, counts, region);
  if (id === binaryen.LoopId) {
    counts.loops++;
    const body = children[0]!;
    const type = binaryen.getExpressionType(body.expression);
    body.replace(module.block(null, [...charge(module, nodes), body.expression], type));
    return 1;
  }
  if (id === binaryen.MemoryCopyId || id === binaryen.MemoryFillId) {
    counts.bulk++;
    const size = children[2]!;
    size.replace(module.call(bulkHelper, [size.expression], binaryen.i32));
  }
  return nodes;
}

/** `i32 size -> i32 size`, having charged for it. */
function addBulkHelper(module: binaryen.Module): void {
  const size = () => module.local.get(0, binaryen.i32);
  const units = module.i64.extend_u(module.i32.shr_u(size(), module.i32.const(bulkShift)));
  const body = [module.global.set(fuelGlobal, module.i64.sub(fuel(module), units)), trapBelowZero(module), size()];
  module.addFunction(bulkHelper, binaryen.i32, binaryen.i32, [], module.block(null, body, binaryen.i32));
}

/** Counts the depth up on entry and down on every way out: a `return` becomes a branch to the one exit. */
function countDepth(module: binaryen.Module, body: Expression, results: binaryen.Type, maxDepth: number): Expression {
  const depth = () => module.global.get(depthGlobal, binaryen.i32);
  const step = (by: number) => module.global.set(depthGlobal, module.i32.add(depth(), module.i32.const(by)));
  const enter = [step(1), module.if(module.i32.gt_s(depth(), module.i32.const(maxDepth)), module.unreachable())];
  let root = body;
  branchToExit(module, {
    expression: body,
    replace: (by) => {
      root = by;
    },
  });
  const inner = module.block(exitLabel, [root], results);
  if (results === binaryen.none) return module.block(null, [...enter, inner, step(-1)], results);
  // `select` evaluates the result first and the condition last: a place to count down without a spare local.
  const leave = module.block(null, [step(-1), module.i32.const(1)], binaryen.i32);
  return module.block(null, [...enter, module.select(leave, inner, zero(module, results))], results);
}

function branchToExit(module: binaryen.Module, at: Child): void {
  for (const child of childrenOf(at.expression)) branchToExit(module, child);
  if (binaryen.getExpressionId(at.expression) !== binaryen.ReturnId) return;
  const { value } = binaryen.getExpressionInfo(at.expression) as binaryen.ReturnInfo;
  at.replace(value === 0 ? module.br(exitLabel) : module.br(exitLabel, 0, value));
}

function zero(module: binaryen.Module, type: binaryen.Type): Expression {
  if (type === binaryen.i32) return module.i32.const(0);
  if (type === binaryen.i64) return module.i64.const(0n);
  if (type === binaryen.f32) return module.f32.const(0);
  if (type === binaryen.f64) return module.f64.const(0);
  throw new Error(`a function of the engine returns type ${type}, which has no zero here`);
}
