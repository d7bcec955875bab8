// The machine's memory: one ArrayBuffer (or a window of one) and its typed arrays.
// Theory: every kernel structure lies in it at a documented offset; an address is a byte offset from the window's start, 0 is NULL.
//         In the sandbox the window lies inside the guest's own memory, so simulator and learner change the same bytes.

/** Nothing lies in the first bytes, so that 0 can be NULL. */
export const NULL_BYTES = 64;

export interface Memory {
  buffer: ArrayBufferLike;
  byteOffset: number;
  readonly byteLength: number;
  u8: Uint8Array;
  u16: Uint16Array;
  i32: Int32Array;
  u32: Uint32Array;
}

export function createMemory(byteLength: number): Memory {
  return memoryAt(new ArrayBuffer(byteLength), 0, byteLength);
}

/** @throws RangeError if the window does not lie inside the buffer on a 4-byte boundary. */
export function memoryAt(buffer: ArrayBufferLike, byteOffset: number, byteLength: number): Memory {
  const memory = { byteLength } as Memory;
  attach(memory, buffer, byteOffset);
  return memory;
}

/** Points an existing memory at another buffer that holds the same bytes (a grown wasm memory moves). */
export function attach(memory: Memory, buffer: ArrayBufferLike, byteOffset: number): void {
  memory.buffer = buffer;
  memory.byteOffset = byteOffset;
  memory.u8 = new Uint8Array(buffer, byteOffset, memory.byteLength);
  memory.u16 = new Uint16Array(buffer, byteOffset, memory.byteLength >> 1);
  memory.i32 = new Int32Array(buffer, byteOffset, memory.byteLength >> 2);
  memory.u32 = new Uint32Array(buffer, byteOffset, memory.byteLength >> 2);
}
