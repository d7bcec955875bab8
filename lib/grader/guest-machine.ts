// The machine's bytes inside the engine: the guest sees them as an ArrayBuffer, the host as a window on the same memory.
// Theory: the guest may detach its buffer, and the engine's memory moves when it grows. So the window is compared with the buffer
//         before anything of ours works on it, and follows the memory whenever the guest has run.
import { attach, type Memory, memoryAt } from "@/lib/sim/memory";
import type { Boot } from "./engine";
import { failureOf, GuestError } from "./guest-error";
import type { Instance } from "./instance";

const alignment = 8;

export class GuestMachine {
  /** Null for a slot of values only. */
  readonly memory: Memory | null = null;
  /** The guest's ArrayBuffer as a value; null's for a slot of values only. */
  readonly buffer: number;
  private readonly at: number = 0;
  private readonly instance: Instance;
  private readonly context: number;

  constructor(instance: Instance, { context }: Boot, bytes: number) {
    const { engine } = instance;
    this.instance = instance;
    this.context = context;
    this.buffer = engine.QTS_GetNull();
    if (bytes === 0) return;
    const pointer = engine.malloc(bytes + alignment);
    if (pointer === 0) throw new Error(`no room for a machine of ${bytes} bytes`);
    this.at = (pointer + alignment - 1) & -alignment;
    instance.views().u8.fill(0, this.at, this.at + bytes);
    this.buffer = engine.QTS_NewArrayBuffer(context, this.at, bytes);
    this.memory = memoryAt(instance.memory.buffer, this.at, bytes);
  }

  /** @throws GuestError detached */
  check(): void {
    if (this.memory === null) return;
    const length = this.instance.engine.QTS_GetArrayBufferLength(this.context, this.buffer);
    if (length !== this.memory.byteLength)
      throw new GuestError("detached", failureOf({ key: "guest.detached", args: {} }));
    this.follow();
  }

  follow(): void {
    const { buffer } = this.instance.memory;
    if (this.memory !== null && this.memory.buffer !== buffer) attach(this.memory, buffer, this.at);
  }
}
