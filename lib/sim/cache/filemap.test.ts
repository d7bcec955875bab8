import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKernel, type KernelOptions, recordEvents } from "../create-kernel";
import { EBADF } from "../errno";
import type { SimEvent } from "../events";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { testPageFlag } from "../page-fields";
import { pageState } from "../structs";
import { addressSpace, FMODE_READ, file as fileStruct, inode } from "../structs-mm";
import { finishWrites, writesUnderWay } from "./block-io";
import { initialWord } from "./disk";
import { createFile, fput, openFile } from "./file";
import { fileWrite } from "./file-write";
import { fileRead } from "./filemap";
import { syncInode } from "./fs-writeback";
import { pruneIcache } from "./inode";
import { findGetPage } from "./page-cache";
import { radixTreeLookup } from "./radix-tree";
import { fileTruncate } from "./vmtruncate";

function boot(options: Partial<KernelOptions> = {}): Kernel {
  return createKernel({ boot: { kind: "zones", pages: [0, 2048, 0] }, contents: 4096, ...options });
}

function hostOf(k: Kernel, file: Addr): Addr {
  return k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]!;
}

function mappingOf(k: Kernel, file: Addr): Addr {
  return hostOf(k, file) + inode.offset.i_mapping;
}

function read(k: Kernel, file: Addr, pos: number, bytes: number): Uint8Array {
  const into = new Uint8Array(bytes);
  return into.subarray(0, fileRead(k, file, pos, into));
}

function readAheads(k: Kernel, act: () => void): [offset: number, pages: number][] {
  const events: SimEvent[] = [];
  recordEvents(k, events);
  act();
  recordEvents(k, null);
  return events.flatMap((event) => (event.kind === "read-ahead" ? [[event.offset, event.pages]] : []));
}

describe("reading and writing files", () => {
  it("reads the initial pattern up to the end of the file", () => {
    const k = boot();
    const file = openFile(k, createFile(k, { bytes: 5000 }));
    const bytes = read(k, file, 4000, 4096);
    expect(bytes.length).toBe(1000);
    const words = new DataView(bytes.buffer, bytes.byteOffset, 1000);
    expect(words.getUint32(0, true)).toBe(initialWord(1, 0, 1000));
    expect(words.getUint32(96, true)).toBe(initialWord(1, 1, 0));
    expect(read(k, file, 5000, 10).length).toBe(0);
  });

  it("agrees with an array of bytes, whatever is written, synced, evicted, cut and read", () => {
    const position = fc.integer({ min: 0, max: 6 * 4096 });
    const length = fc.integer({ min: 0, max: 9000 });
    const step = fc.oneof(
      fc.record({ op: fc.constant("write" as const), position, length, byte: fc.integer({ min: 0, max: 255 }) }),
      fc.record({ op: fc.constant("read" as const), position, length }),
      fc.record({ op: fc.constantFrom("sync" as const, "evict" as const) }),
      fc.record({ op: fc.constant("truncate" as const), position }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 25 }),
        fc.constantFrom("sync" as const, "async" as const),
        (steps, io) => {
          const k = boot({ io });
          const ino = createFile(k, { bytes: 10_000 });
          let file = openFile(k, ino);
          let model: number[] = [...read(k, file, 0, 10_000)];
          for (const step of steps) {
            if (step.op === "write") {
              if (step.length > 0) while (model.length < step.position) model.push(0);
              for (let index = 0; index < step.length; index++) model[step.position + index] = step.byte;
              const bytes = new Uint8Array(step.length).fill(step.byte);
              expect(fileWrite(k, file, step.position, bytes)).toBe(step.length);
            } else if (step.op === "read") {
              const expected = model.slice(step.position, step.position + step.length);
              expect([...read(k, file, step.position, step.length)]).toEqual(expected);
            } else if (step.op === "truncate") {
              fileTruncate(k, file, step.position);
              model = model.slice(0, step.position);
              while (model.length < step.position) model.push(0);
            } else {
              syncInode(k, hostOf(k, file));
              if (step.op === "sync") continue;
              fput(k, file);
              pruneIcache(k, 10);
              file = openFile(k, ino);
              expect(k.memory.u32[(mappingOf(k, file) + addressSpace.offset.nrpages) >>> 2]).toBe(0);
            }
          }
          expect([...read(k, file, 0, 20_000)]).toEqual(model.slice(0, 20_000));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("refuses what the file is not open for", () => {
    const k = boot();
    const file = openFile(k, createFile(k, { pages: 1 }), FMODE_READ);
    expect(fileWrite(k, file, 0, new Uint8Array(1))).toBe(-EBADF);
    expect(openFile(k, 99)).toBe(0);
    expect(() => createFile(k, { bytes: -1 })).toThrow(RangeError);
  });

  it("marks a page once for all reads in a row that it serves", () => {
    const k = boot();
    const file = openFile(k, createFile(k, { pages: 2 }));
    for (let pos = 0; pos < 4096; pos += 512) read(k, file, pos, 512);
    const page = radixTreeLookup(k, mappingOf(k, file), 0);
    expect([testPageFlag(k, page, "PG_referenced"), testPageFlag(k, page, "PG_active")]).toEqual([true, false]);
    read(k, file, 4096, 1);
    read(k, file, 0, 1);
    expect([testPageFlag(k, page, "PG_referenced"), testPageFlag(k, page, "PG_active")]).toEqual([false, true]);
  });

  it("ends writes only when the device says so, if it is asynchronous", () => {
    const k = boot({ io: "async" });
    const file = openFile(k, createFile(k, { pages: 4 }));
    fileWrite(k, file, 0, new Uint8Array(4 * 4096));
    const page = findGetPage(k, mappingOf(k, file), 2);
    expect(testPageFlag(k, page, "PG_dirty")).toBe(true);
    const events: SimEvent[] = [];
    recordEvents(k, events);
    expect(syncInode(k, hostOf(k, file))).toBe(4);
    expect(events.filter(({ kind }) => kind === "io-done").length).toBe(4);
    expect(writesUnderWay(k)).toBe(0);
    expect(finishWrites(k, 1)).toBe(0);
    expect(k.memory.u32[(k.pageState + pageState.offset.pgpgout) >>> 2]).toBe(32);
  });
});

describe("read-ahead", () => {
  it("reads a whole small file at once for a reader that starts at its beginning", () => {
    const k = boot();
    const file = openFile(k, createFile(k, { pages: 100 }));
    expect(readAheads(k, () => read(k, file, 0, 4096))).toEqual([[0, 8]]);
  });

  it("doubles its windows while a reader goes on sequentially, each ahead of where it reads", () => {
    const k = boot();
    const file = openFile(k, createFile(k, { pages: 200 }));
    const windows = readAheads(k, () => {
      for (let page = 0; page < 64; page++) read(k, file, page * 4096, 4096);
    });
    expect(windows).toEqual([
      [0, 8],
      [8, 16],
      [24, 32],
      [56, 32],
      [88, 32],
    ]);
  });

  it("reads exactly what a random reader asks for", () => {
    const k = boot();
    const file = openFile(k, createFile(k, { pages: 200 }));
    const windows = readAheads(k, () => {
      for (const page of [77, 13, 150]) read(k, file, page * 4096, 2 * 4096);
    });
    expect(windows).toEqual([
      [77, 2],
      [13, 2],
      [150, 2],
    ]);
  });
});
