// A second, independent reader of WebAssembly: walks the bytes of the code section and reports what stands where. It shares
// nothing with the metering pass (which works on binaryen's trees), so that the one can be checked by the other.
// Source: WebAssembly Core Specification 2.0, chapter 5 (Binary Format).

export interface Instruction {
  readonly opcode: number;
  /** Second byte of a 0xfc instruction. */
  readonly sub: number | null;
  /** First immediate: an index, or the value of an integer constant. */
  readonly immediate: number;
}

export interface WasmCode {
  /** Per function of the module itself, in order. */
  readonly functions: readonly (readonly Instruction[])[];
  readonly importedFunctions: number;
  /** Index of the exported global of that name. */
  exportedGlobal(name: string): number | undefined;
}

const op = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  brTable: 0x0e,
  callIndirect: 0x11,
  i32Const: 0x41,
  i64Const: 0x42,
} as const;

export function readWasm(bytes: Uint8Array): WasmCode {
  let at = 8;
  const byte = () => bytes[at++]!;
  /** LEB128; wide enough for every index and for the constants that are looked at. */
  const leb = (signed = false) => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const next = byte();
      value += (next & 0x7f) * scale;
      scale *= 128;
      if ((next & 0x80) === 0) return signed && (next & 0x40) !== 0 ? value - scale : value;
    }
  };
  const name = () => {
    const length = leb();
    at += length;
    return new TextDecoder().decode(bytes.subarray(at - length, at));
  };
  const limits = () => {
    const flags = byte();
    leb();
    if ((flags & 1) !== 0) leb();
  };

  const instruction = (): Instruction => {
    const opcode = byte();
    const plain = (immediate = 0): Instruction => ({ opcode, sub: null, immediate });
    if (opcode === op.block || opcode === op.loop || opcode === op.if) return plain(leb(true));
    if (opcode === op.brTable) {
      for (let count = leb(); count >= 0; count--) leb();
      return plain();
    }
    if (opcode === op.callIndirect) {
      const type = leb();
      leb();
      return plain(type);
    }
    if (opcode === op.i32Const || opcode === op.i64Const) return plain(leb(true));
    if (opcode === 0x43 || opcode === 0x44) {
      at += opcode === 0x43 ? 4 : 8;
      return plain();
    }
    if (opcode >= 0x28 && opcode <= 0x3e) {
      leb();
      return plain(leb());
    }
    // br, br_if, call, local.*, global.*, memory.size, memory.grow: one index.
    if (opcode === 0x0c || opcode === 0x0d || opcode === 0x10) return plain(leb());
    if ((opcode >= 0x20 && opcode <= 0x24) || opcode === 0x3f || opcode === 0x40) return plain(leb());
    if (opcode === 0xfc) {
      const sub = leb();
      if (sub === 10) at += 2;
      else if (sub === 11) at += 1;
      else if (sub > 7) throw new Error(`unknown instruction 0xfc ${sub}`);
      return { opcode, sub, immediate: 0 };
    }
    const known = [0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b].includes(opcode) || (opcode >= 0x45 && opcode <= 0xc4);
    if (!known) throw new Error(`unknown instruction 0x${opcode.toString(16)} at byte ${at - 1}`);
    return plain();
  };

  const functions: Instruction[][] = [];
  const globals = new Map<string, number>();
  let importedFunctions = 0;
  while (at < bytes.length) {
    const section = byte();
    const size = leb();
    const end = at + size;
    if (section === 2) {
      for (let count = leb(); count > 0; count--) {
        name();
        name();
        const kind = byte();
        if (kind === 0) {
          leb();
          importedFunctions++;
        } else if (kind === 2) limits();
        else throw new Error(`an import of kind ${kind} is not expected`);
      }
    } else if (section === 7) {
      for (let count = leb(); count > 0; count--) {
        const exported = name();
        const kind = byte();
        const index = leb();
        if (kind === 3) globals.set(exported, index);
      }
    } else if (section === 10) {
      for (let count = leb(); count > 0; count--) {
        const bodySize = leb();
        const bodyEnd = at + bodySize;
        for (let groups = leb(); groups > 0; groups--) {
          leb();
          byte();
        }
        const body: Instruction[] = [];
        while (at < bodyEnd) body.push(instruction());
        functions.push(body);
      }
    }
    at = end;
  }
  return { functions, importedFunctions, exportedGlobal: (global) => globals.get(global) };
}
