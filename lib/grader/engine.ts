// The engine, loaded once per process or page: compiled, checked against the recorded hash, and booted as far as every submission
// needs it, so that a sandbox starts from a copy of that memory instead of booting again.
// Runs in Node and in a browser's worker alike; the bytes come from build-engine.ts or from the server.
import record from "./engine/engine.json";
import { createInstance, type Image, type Instance } from "./instance";
import { limits } from "./limits";
import type { EngineHost } from "./quickjs";
import { realmSource } from "./realm";
import { sha256Hex } from "./sha256";

/** Addresses inside a booted engine; the same in every instance, because every instance starts from the same image. */
export interface Boot {
  readonly runtime: number;
  readonly context: number;
  /** The realm's own functions (realm.ts), kept before any learner's code could touch them. */
  readonly realm: Readonly<Record<RealmFunction, number>>;
}
export const realmFunctions = [
  "seed",
  "adopt",
  "offer",
  "load",
  "member",
  "arity",
  "bug",
  "parse",
  "show",
  "kind",
] as const;
export type RealmFunction = (typeof realmFunctions)[number];

export interface Engine {
  /** sha256 of the module; part of every receipt. */
  readonly hash: string;
  readonly module: WebAssembly.Module;
  readonly image: Image;
  readonly boot: Boot;
}

/** Host functions that the realm itself uses, by id. */
export const hostIds = { print: 1, host: 2 } as const;

const silentHost: EngineHost = { callFunction: () => 0, shouldInterrupt: () => false };

/** @throws Error if the bytes are not the recorded engine. */
export async function loadEngine(wasmBytes: BufferSource): Promise<Engine> {
  const bytes = ArrayBuffer.isView(wasmBytes)
    ? new Uint8Array(wasmBytes.buffer, wasmBytes.byteOffset, wasmBytes.byteLength)
    : new Uint8Array(wasmBytes);
  const hash = sha256Hex(bytes);
  if (hash !== record.sha256) throw new Error(`engine ${hash} is not the recorded one (${record.sha256})`);
  const module = await WebAssembly.compile(wasmBytes);
  const instance = createInstance(module, silentHost);
  const boot = bootEngine(instance);
  return { hash, module, image: instance.snapshot(), boot };
}

function bootEngine(instance: Instance): Boot {
  const { engine } = instance;
  engine.start();
  const runtime = engine.QTS_NewRuntime();
  engine.QTS_RuntimeSetMemoryLimit(runtime, limits.heapBytes);
  engine.QTS_RuntimeSetMaxStackSize(runtime, limits.stackBytes);
  engine.QTS_RuntimeEnableInterruptHandler(runtime);
  const context = engine.QTS_NewContext(runtime, 0);
  const makeRealm = instance.evaluate(context, realmSource, "realm.js");
  const hostFunctions = Object.entries(hostIds).map(([name, id]) => instance.newFunction(context, name, id));
  const realmObject = instance.call(context, makeRealm, hostFunctions);
  const realm = {} as Record<RealmFunction, number>;
  for (const name of realmFunctions) realm[name] = instance.property(context, realmObject, name);
  return { runtime, context, realm };
}
