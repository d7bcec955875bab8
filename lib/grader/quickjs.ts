// QuickJS compiled to WebAssembly, as seen from outside: the functions it offers, the few it asks for, and how it stores a value.
// Theory: the engine is a module with one linear memory. Its imports are the whole of what it can reach, so they are lent here
//         one by one: no environment, no files, no random source, and a clock that stands still in UTC, which makes its world
//         the same in Node and in every browser. A JavaScript value is 8 bytes (tag in the high word, payload in the low one),
//         so numbers, booleans and null are read and written directly in the memory instead of through calls.
// Source:  bellard/quickjs 2025-09-13 (quickjs.h, JS_NAN_BOXING), wrapped by quickjs-emscripten 0.32 (interface.c).

/** Tags of a value's high word. `quickjs.test.ts` compares them with what the engine's own accessors say. */
export const tags = {
  string: -7,
  stringRope: -6,
  object: -1,
  int: 0,
  bool: 1,
  null: 2,
  undefined: 3,
  exception: 6,
} as const;

/** Every high word that is no tag belongs to a 64-bit float. */
export function isFloat(tag: number): boolean {
  return tag < lowestTag || tag > highestTag;
}
const lowestTag = -9;
const highestTag = 7;

export function isString(tag: number): boolean {
  return tag === tags.string || tag === tags.stringRope;
}

/** The engine's functions that are used here. All pointers are addresses in its memory; a value pointer points at 8 bytes. */
export interface QuickJs {
  malloc(bytes: number): number;
  free(pointer: number): void;
  QTS_NewRuntime(): number;
  QTS_RuntimeSetMemoryLimit(runtime: number, bytes: number): void;
  QTS_RuntimeSetMaxStackSize(runtime: number, bytes: number): void;
  QTS_RuntimeEnableInterruptHandler(runtime: number): void;
  QTS_NewContext(runtime: number, intrinsics: number): number;
  QTS_Eval(context: number, code: number, length: number, file: number, detectModule: number, flags: number): number;
  QTS_Call(context: number, fn: number, self: number, count: number, values: number): number;
  QTS_ResolveException(context: number, value: number): number;
  QTS_Throw(context: number, error: number): number;
  QTS_FreeValuePointer(context: number, value: number): void;
  QTS_FreeCString(context: number, text: number): void;
  QTS_FreeVoidPointer(context: number, pointer: number): void;
  QTS_NewFloat64(context: number, value: number): number;
  QTS_GetFloat64(context: number, value: number): number;
  QTS_NewString(context: number, text: number): number;
  QTS_GetString(context: number, value: number): number;
  QTS_NewArrayBuffer(context: number, pointer: number, bytes: number): number;
  QTS_GetArrayBufferLength(context: number, value: number): number;
  QTS_NewFunction(context: number, name: number, length: number, isConstructor: number, id: number): number;
  QTS_NewObject(context: number): number;
  QTS_NewArray(context: number): number;
  QTS_GetProp(context: number, value: number, key: number): number;
  QTS_GetPropNumber(context: number, value: number, key: number): number;
  QTS_SetProp(context: number, value: number, key: number, property: number): void;
  QTS_GetOwnPropertyNames(context: number, outNames: number, outCount: number, value: number, flags: number): number;
  QTS_GetUndefined(): number;
  QTS_GetNull(): number;
  QTS_GetTrue(): number;
  QTS_GetFalse(): number;
  QTS_GetGlobalObject(context: number): number;
  readonly start: () => void;
  readonly setStackPointer: (address: number) => void;
  readonly getStackPointer: () => number;
  readonly __fuel: { value: bigint };
  readonly __depth: { value: number };
}

/** What the engine may ask of its host while it runs; everything else it imports is answered here. */
export interface EngineHost {
  /** A guest calls a host function: returns the address of an owned value, or 0 for undefined. */
  callFunction(context: number, self: number, count: number, values: number, id: number): number;
  /** Polled every 10,000 jumps; true stops the guest. */
  shouldInterrupt(): boolean;
}

/** The engine's imports under their short names, with their types: what build-engine.ts checks and renames. */
export const importTable: Readonly<Record<string, { name: string; type: string }>> = {
  b: { name: "assertFailed", type: "i32 i32 i32 i32 ->" },
  c: { name: "fdWrite", type: "i32 i32 i32 i32 -> i32" },
  d: { name: "fdClose", type: "i32 -> i32" },
  e: { name: "environGet", type: "i32 i32 -> i32" },
  f: { name: "environSizes", type: "i32 i32 -> i32" },
  g: { name: "normalizeModule", type: "i32 i32 i32 i32 -> i32" },
  h: { name: "loadModule", type: "i32 i32 i32 -> i32" },
  i: { name: "shouldInterrupt", type: "i32 -> i32" },
  j: { name: "setTimer", type: "i32 f64 -> i32" },
  k: { name: "growMemory", type: "i32 -> i32" },
  l: { name: "clearKeepalive", type: "->" },
  m: { name: "localTime", type: "i64 i32 ->" },
  n: { name: "timeZone", type: "i32 i32 i32 i32 ->" },
  o: { name: "fdSeek", type: "i32 i64 i32 i32 -> i32" },
  p: { name: "now", type: "-> f64" },
  q: { name: "abort", type: "->" },
  r: { name: "exit", type: "i32 ->" },
  s: { name: "callFunction", type: "i32 i32 i32 i32 i32 -> i32" },
  t: { name: "freeHostRef", type: "i32 i32 ->" },
};

/** Exports that the package's own loader gives no readable name: static initialisers and the C stack pointer. */
export const exportTable: Readonly<Record<string, { name: string; type: string }>> = {
  u: { name: "start", type: "->" },
  Ma: { name: "setStackPointer", type: "i32 ->" },
  Oa: { name: "getStackPointer", type: "-> i32" },
};

/** The engine's own code stopped: an assertion, an abort. Never the learner's fault by itself. */
export class EngineFault extends Error {}

/** The C stack of this build: it lies below the heap and above the static data. */
export const engineStackBytes = 5 * 1024 * 1024;
/** The instant at which every guest lives: 2023-11-14T22:13:20Z. */
export const guestNowMs = 1_700_000_000_000;
const badFileDescriptor = 8;
const pageBytes = 65536;

export function engineImports(memory: WebAssembly.Memory, host: EngineHost): WebAssembly.Imports {
  const fault = (what: string) => () => {
    throw new EngineFault(what);
  };
  return {
    a: { a: memory },
    host: {
      callFunction: host.callFunction,
      shouldInterrupt: () => (host.shouldInterrupt() ? 1 : 0),
      now: () => guestNowMs,
      localTime: (seconds: bigint, out: number) => writeBrokenDownTime(memory, Number(seconds), out),
      timeZone: (offset: number, daylight: number, standardName: number, daylightName: number) => {
        const view = new DataView(memory.buffer);
        view.setInt32(offset, 0, true);
        view.setInt32(daylight, 0, true);
        for (const name of [standardName, daylightName]) new Uint8Array(memory.buffer, name, 4).set([85, 84, 67, 0]);
      },
      growMemory: (bytes: number) => growTo(memory, bytes >>> 0),
      environSizes: (count: number, size: number) => {
        const view = new DataView(memory.buffer);
        view.setUint32(count, 0, true);
        view.setUint32(size, 0, true);
        return 0;
      },
      environGet: () => 0,
      fdWrite: () => badFileDescriptor,
      fdClose: () => badFileDescriptor,
      fdSeek: () => badFileDescriptor,
      setTimer: () => 0,
      clearKeepalive: () => {},
      loadModule: () => 0,
      normalizeModule: () => 0,
      freeHostRef: () => {},
      assertFailed: fault("an assertion of the engine failed"),
      abort: fault("the engine gave up"),
      exit: fault("the engine wanted to exit"),
    },
  };
}

/** struct tm in UTC; the engine's `long` is 4 bytes. */
function writeBrokenDownTime(memory: WebAssembly.Memory, seconds: number, out: number): void {
  const date = new Date(seconds * 1000);
  const yearStart = Date.UTC(date.getUTCFullYear(), 0, 1);
  const fields = [
    date.getUTCSeconds(),
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth(),
    date.getUTCFullYear() - 1900,
    date.getUTCDay(),
    Math.floor((date.getTime() - yearStart) / 86_400_000),
    0,
    0,
  ];
  const view = new DataView(memory.buffer);
  for (const [i, field] of fields.entries()) view.setInt32(out + 4 * i, field, true);
}

/** Grows by at least a fifth so that many small requests stay cheap; 1 if the engine has what it asked for. */
function growTo(memory: WebAssembly.Memory, bytes: number): number {
  const now = memory.buffer.byteLength;
  for (const wanted of [Math.max(bytes, now * 1.2), bytes]) {
    try {
      memory.grow(Math.ceil((wanted - now) / pageBytes));
      return 1;
    } catch {
      // Above the maximum: the exact request may still fit, and if not, the engine throws "out of memory" itself.
    }
  }
  return 0;
}
