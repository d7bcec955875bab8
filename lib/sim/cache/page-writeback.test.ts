import { describe, expect, it } from "vitest";
import { createKernel, type KernelOptions, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { reclaimVar } from "../reclaim/reclaim-data";
import { pageState, zone as zoneStruct } from "../structs";
import { inode } from "../structs-mm";
import { readCache, writeCache } from "./cache-data";
import { checkCache } from "./check-cache";
import { createFile, openFile } from "./file";
import { fileWrite } from "./file-write";
import { observeCache } from "./observe-cache";
import {
  DIRTY_EXPIRE_JIFFIES,
  dirtyLimits,
  getDirtyLimits,
  runPdflush,
  wakeupBdflush,
  wbKupdate,
  wbTimer,
} from "./page-writeback";
import { walkInodes } from "./walk-inodes";

const ratio = { background: 10, dirty: 40 };

function boot(options: Partial<KernelOptions> = {}): Kernel {
  return createKernel({ boot: { kind: "zones", pages: [0, 4096, 0] }, contents: 9000, ...options });
}

function vmstat(k: Kernel, name: "nr_dirty" | "nr_writeback"): number {
  return k.memory.u32[(k.pageState + pageState.offset[name]) >>> 2]!;
}

describe("limits of dirty pages (domain.md 9.1)", () => {
  it("are 40 and 10 percent while little is mapped", () => {
    expect(dirtyLimits(1000, 0, ratio)).toEqual({ background: 100, dirty: 400 });
    expect(dirtyLimits(1000, 200, ratio)).toEqual({ background: 100, dirty: 400 });
  });

  it("fall to half of what is not mapped, and to 5 percent at the least", () => {
    expect(dirtyLimits(1000, 500, ratio)).toEqual({ background: 100, dirty: 250 });
    expect(dirtyLimits(1000, 830, ratio)).toEqual({ background: 40, dirty: 80 });
    expect(dirtyLimits(1000, 1000, ratio)).toEqual({ background: 20, dirty: 50 });
  });

  it("count all memory that can be cached: they are set before the zones have marks", () => {
    const k = boot();
    expect(readCache(k, "total_pages")).toBe(4096);
    expect(readCache(k, "ratelimit_pages")).toBe(128);
    expect(getDirtyLimits(k)).toEqual({ background: 409, dirty: 1638 });
    const high = k.memory.u32[(k.zones[1].zone + zoneStruct.offset.pages_high) >>> 2]!;
    expect(k.memory.u32[reclaimVar(k, "total_memory") >>> 2]).toBe(4096 - high);
  });
});

describe("writers above the limit", () => {
  it("write back themselves, and ask pdflush for the rest", () => {
    const k = boot();
    const file = openFile(k, createFile(k, { pages: 0 }));
    const events: SimEvent[] = [];
    recordEvents(k, events);
    fileWrite(k, file, 0, new Uint8Array(3000 * 4096));
    const { dirty } = getDirtyLimits(k);
    expect(events.some(({ kind }) => kind === "throttle")).toBe(true);
    expect(vmstat(k, "nr_dirty")).toBeLessThanOrEqual(dirty + readCache(k, "ratelimit_pages") + 1);
    expect(readCache(k, "pdflush_wanted")).toBe(1);
    expect(runPdflush(k)).toBeGreaterThan(0);
    expect(vmstat(k, "nr_dirty")).toBeLessThan(getDirtyLimits(k).background);
    expect(runPdflush(k)).toBe(0);
    expect(checkCache(k)).toEqual([]);
  });

  it("sleep until the device has caught up, if it is asynchronous", () => {
    const k = boot({ io: "async" });
    const file = openFile(k, createFile(k, { pages: 0 }));
    const events: SimEvent[] = [];
    recordEvents(k, events);
    fileWrite(k, file, 0, new Uint8Array(3000 * 4096));
    expect(events.some(({ kind }) => kind === "io-done")).toBe(true);
    expect(vmstat(k, "nr_dirty") + vmstat(k, "nr_writeback")).toBeLessThan(getDirtyLimits(k).dirty + 200);
    expect(checkCache(k)).toEqual([]);
  });
});

describe("pdflush", () => {
  it("writes as many pages as it was asked for, the file that waits longest first", () => {
    const k = boot();
    const [first, second] = [1, 2].map(() => openFile(k, createFile(k, { pages: 0 })));
    fileWrite(k, first!, 0, new Uint8Array(3 * 4096));
    fileWrite(k, second!, 0, new Uint8Array(2 * 4096));
    expect(observeCache(k).dirtyFiles).toEqual([2, 1]);
    wakeupBdflush(k, 0);
    expect(runPdflush(k)).toBe(5);
    expect(observeCache(k)).toMatchObject({ nrDirty: 0, dirtyFiles: [] });
  });

  it("writes every 5 seconds what has been dirty for 30", () => {
    const k = boot();
    const file = openFile(k, createFile(k, { pages: 0 }));
    const jiffies = (k.data + kernelData.offset.jiffies) >>> 2;
    k.memory.u32[jiffies] = 50_000;
    fileWrite(k, file, 0, new Uint8Array(4096));
    k.memory.u32[jiffies]! += DIRTY_EXPIRE_JIFFIES - 1;
    expect(wbKupdate(k)).toBe(0);
    k.memory.u32[jiffies]! += 1;
    expect(wbKupdate(k)).toBe(1);
    expect(vmstat(k, "nr_dirty")).toBe(0);
  });

  it("looks every 5 seconds, so that a page waits up to 35", () => {
    const k = boot();
    const file = openFile(k, createFile(k, { pages: 0 }));
    const jiffies = (k.data + kernelData.offset.jiffies) >>> 2;
    k.memory.u32[jiffies] = 3000;
    fileWrite(k, file, 0, new Uint8Array(4096));
    const written: number[] = [];
    for (let now = 3500; now <= 40_000; now += 500) {
      k.memory.u32[jiffies] = now;
      if (wbTimer(k) > 0) written.push(now);
    }
    expect(written).toEqual([35_000]);
  });

  it("leaves a file that it does not get through with as old as it was", () => {
    const k = boot({ io: "async" });
    const [first, second] = [1, 2].map(() => openFile(k, createFile(k, { pages: 0 })));
    const jiffies = (k.data + kernelData.offset.jiffies) >>> 2;
    writeCache(k, "ratelimit_pages", 100_000);
    fileWrite(k, first!, 0, new Uint8Array(300 * 4096));
    fileWrite(k, second!, 0, new Uint8Array(4096));
    k.memory.u32[jiffies]! += DIRTY_EXPIRE_JIFFIES;
    let naps = 0;
    const { congestionWait } = k.ops;
    k.ops.congestionWait = (machine, nap) => {
      if (naps++ === 0) {
        const [left] = walkInodes(k, "s_dirty", []);
        expect(k.memory.u32[(left! + inode.offset.i_ino) >>> 2]).toBe(1);
        expect(k.memory.u32[(left! + inode.offset.dirtied_when) >>> 2]).toBe(0);
      }
      congestionWait(machine, nap);
    };
    // The other file ends this round; the first one is the only one of the next.
    const written = wbKupdate(k);
    expect(written).toBeLessThan(301);
    expect(written + wbKupdate(k)).toBe(301);
    expect(naps).toBeGreaterThan(0);
    expect(checkCache(k)).toEqual([]);
  });

  it("naps when the device is congested, and goes on", () => {
    const k = boot({ io: "async" });
    const file = openFile(k, createFile(k, { pages: 0 }));
    writeCache(k, "ratelimit_pages", 100_000);
    fileWrite(k, file, 0, new Uint8Array(300 * 4096));
    wakeupBdflush(k, 0);
    expect(runPdflush(k)).toBe(300);
    expect(vmstat(k, "nr_dirty")).toBe(0);
    expect(checkCache(k)).toEqual([]);
  });
});
