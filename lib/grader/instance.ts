// One instance of the engine: its memory, typed windows on it, and the few calls that everything above is made of.
// Theory: an instance is nothing but its linear memory and three numbers (fuel, depth, stack pointer). So a copy of the memory
//         taken after boot is a complete starting point: writing it back gives a guest that owes nothing to the one before.
import { limits } from "./limits";
import { type EngineHost, engineImports, engineStackBytes, type QuickJs, tags } from "./quickjs";

const pageBytes = 65536;
const initialPages = 256;
/** A run of zeros this long above everything written so far is taken for the unused end of the heap. */
const unusedRunBytes = 1024 * 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A copy of an instance's memory: static data, and the heap's pages that are not all zeros. */
export interface Image {
  readonly pages: readonly { readonly at: number; readonly bytes: Uint8Array }[];
  /** First page of the heap. */
  readonly heap: number;
  readonly stackPointer: number;
}

/** The host could not work in the engine: while a guest runs, because it has used up the memory. */
export class EngineTrap extends Error {}

export interface Instance {
  readonly engine: QuickJs;
  readonly memory: WebAssembly.Memory;
  /** Valid until the memory grows; `views()` renews them. */
  views(): { u8: Uint8Array; i32: Int32Array };
  snapshot(): Image;
  restore(image: Image): void;
  /** Evaluates trusted code and gives the address of its value. @throws EngineTrap if it fails. */
  evaluate(context: number, code: string, file: string): number;
  /** Calls trusted code with owned values. @throws EngineTrap if it fails. */
  call(context: number, fn: number, values: readonly number[]): number;
  newFunction(context: number, name: string, id: number): number;
  newString(context: number, text: string): number;
  property(context: number, value: number, name: string): number;
  /** Memory of the engine that no limit of the guest counts; the caller frees it. @throws EngineTrap */
  allocate(bytes: number): number;
  /** Writes a zero-terminated text to memory of the engine; the caller frees it. */
  writeText(text: string): { pointer: number; length: number };
  readText(pointer: number): string;
  /** The tag of a value (quickjs.ts). */
  tagOf(value: number): number;
  /** The payload of an int or boolean. */
  intOf(value: number): number;
}

/** A fresh instance with nothing in it; `engine.start()` or `restore` comes first. */
export function createInstance(module: WebAssembly.Module, host: EngineHost): Instance {
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum: limits.wasmPages });
  const engine = new WebAssembly.Instance(module, engineImports(memory, host)).exports as unknown as QuickJs;
  let buffer = memory.buffer;
  let windows = windowsOn(buffer);
  const views = () => {
    if (memory.buffer !== buffer) {
      buffer = memory.buffer;
      windows = windowsOn(buffer);
    }
    return windows;
  };

  const allocate = (bytes: number) => {
    const pointer = engine.malloc(bytes);
    if (pointer === 0) throw new EngineTrap(`no memory for ${bytes} bytes`);
    return pointer;
  };
  const writeText = (text: string) => {
    const bytes = encoder.encode(text);
    const pointer = allocate(bytes.length + 1);
    const { u8 } = views();
    u8.set(bytes, pointer);
    u8[pointer + bytes.length] = 0;
    return { pointer, length: bytes.length };
  };
  const tagOf = (value: number) => views().i32[(value >> 2) + 1]!;
  const sound = (value: number, what: string) => {
    if (value === 0 || tagOf(value) === tags.exception) throw new EngineTrap(`${what} failed`);
    return value;
  };
  const newString = (context: number, text: string) => {
    const { pointer } = writeText(text);
    const value = engine.QTS_NewString(context, pointer);
    engine.free(pointer);
    return sound(value, "a text");
  };

  return {
    engine,
    memory,
    views,
    allocate,
    writeText,
    newString,
    tagOf,
    intOf: (value) => views().i32[value >> 2]!,
    readText: (pointer) => {
      const { u8 } = views();
      return decoder.decode(u8.subarray(pointer, u8.indexOf(0, pointer)));
    },
    snapshot: () => copyPages(views().u8, engine.getStackPointer()),
    restore: (image) => {
      const { u8 } = views();
      let clean = image.heap;
      for (const { at, bytes } of image.pages) {
        if (at > clean) u8.fill(0, clean, at);
        u8.set(bytes, at);
        clean = Math.max(clean, at + bytes.length);
      }
      engine.setStackPointer(image.stackPointer);
      engine.__depth.value = 0;
    },
    evaluate: (context, code, file) => {
      const text = writeText(code);
      const name = writeText(file);
      const value = engine.QTS_Eval(context, text.pointer, text.length, name.pointer, 0, 0);
      engine.free(text.pointer);
      engine.free(name.pointer);
      return sound(value, file);
    },
    call: (context, fn, values) => {
      const list = allocate(4 * Math.max(1, values.length));
      views().i32.set(values, list >> 2);
      const value = engine.QTS_Call(context, fn, engine.QTS_GetUndefined(), values.length, list);
      engine.free(list);
      return sound(value, "a call of the realm");
    },
    newFunction: (context, name, id) => {
      const text = writeText(name);
      const value = engine.QTS_NewFunction(context, text.pointer, 0, 0, id);
      engine.free(text.pointer);
      return sound(value, name);
    },
    property: (context, value, name) => {
      const key = newString(context, name);
      const found = engine.QTS_GetProp(context, value, key);
      engine.QTS_FreeValuePointer(context, key);
      return sound(found, name);
    },
  };
}

function windowsOn(buffer: ArrayBuffer): { u8: Uint8Array; i32: Int32Array } {
  return { u8: new Uint8Array(buffer), i32: new Int32Array(buffer) };
}

/** Static data and heap; what lies between them is the C stack, which holds only what finished calls left behind. */
function copyPages(u8: Uint8Array, stackPointer: number): Image {
  const pages: Image["pages"][number][] = [];
  const copy = (at: number) => pages.push({ at, bytes: u8.slice(at, at + pageBytes) });
  for (let at = 0; at < stackPointer - engineStackBytes; at += pageBytes) copy(at);
  const words = new Int32Array(u8.buffer);
  const heap = stackPointer - (stackPointer % pageBytes);
  for (let at = heap, end = heap; at < u8.length && at < end + unusedRunBytes; at += pageBytes) {
    if (isZero(words, at >> 2, (at + pageBytes) >> 2)) continue;
    copy(at);
    end = at + pageBytes;
  }
  return { pages, heap, stackPointer };
}

function isZero(words: Int32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (words[i] !== 0) return false;
  return true;
}
