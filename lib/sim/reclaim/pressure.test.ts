// Reclaim with everything that it works with: processes, page tables, swap, files.
import { beforeEach, describe, expect, test } from "vitest";
import { checkCache } from "../cache/check-cache";
import { initialWord } from "../cache/disk";
import { createFile, fput, openFile } from "../cache/file";
import { fileRead } from "../cache/filemap";
import { pruneIcache, unlinkFile } from "../cache/inode";
import { findGetPage } from "../cache/page-cache";
import { fileTruncate } from "../cache/vmtruncate";
import { checkZone } from "../check-zone";
import { createKernel, recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { accessWord } from "../fault/access";
import { checkFault } from "../fault/check-fault";
import { giveAddressSpace } from "../fault/exec";
import { doExit } from "../fault/exit";
import { getTask, newTask } from "../fault/task";
import type { Kernel, KernelConfig } from "../kernel";
import type { Addr } from "../machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../mm/flags";
import { doMmap } from "../mm/mmap";
import { testPageFlag } from "../page-fields";
import { type PageStateName, readPageState } from "../page-state";
import { restore, snapshot } from "../snapshot";
import { file as fileStruct, inode, taskStruct } from "../structs-mm";
import { addSwap } from "../swap/area";
import { checkSwap } from "../swap/check-swap";
import { checkLru } from "./check-lru";
import { putPage } from "./lru";
import { observeLru } from "./observe-lru";
import { runKswapd } from "./vmscan";

const BASE = 0x10000000;
const PAGE = 4096;
let k: Kernel;
let task: Addr;

function boot(config: Partial<KernelConfig> = {}): void {
  k = createKernel({ boot: { kind: "zones", pages: [128, 512, 0] }, contents: 8192, ...config });
  task = newTask(k, "worker");
  expect(giveAddressSpace(k, task)).toBe(0);
}
function map(pages: number, flags: number, file: Addr = 0): void {
  const mm = getTask(k.memory.u32, task, "mm");
  const request = {
    addr: BASE,
    len: pages * PAGE,
    prot: PROT_READ | PROT_WRITE,
    flags: flags | MAP_FIXED,
    file,
    pgoff: 0,
  };
  expect(doMmap(k, mm, request)).toBe(BASE);
}
const stat = (name: PageStateName) => readPageState(k, name);
/** The daemon gets its turn whenever somebody woke it, as on a real machine. */
function word(page: number, way: "read" | "write", value = 0) {
  const outcome = accessWord(k, task, BASE + page * PAGE, way, value);
  runKswapd(k);
  return outcome;
}
const mappingOf = (file: Addr) => k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]! + inode.offset.i_mapping;
function sound(): void {
  const wrong = [...checkLru(k), ...checkCache(k), ...checkSwap(k), ...checkFault(k)];
  expect(wrong).toEqual([]);
}

beforeEach(() => boot());

describe.each<Partial<KernelConfig>>([
  { io: "sync" },
  { io: "async" },
  { io: "sync", pagevec: true },
  { io: "async", pae: true },
])("a process that needs more memory than there is (%o)", (config) => {
  test("finds every page as it left it, through the swap area", () => {
    boot(config);
    addSwap(k, 2000);
    map(1200, MAP_PRIVATE | MAP_ANONYMOUS);
    for (let page = 0; page < 1200; page++) {
      expect(word(page, "write", page * 7 + 1).end).toBe("done");
      if (page % 100 === 99) sound();
    }
    expect(stat("pswpout")).toBeGreaterThan(600);
    for (let page = 0; page < 1200; page += 7) expect(word(page, "read").value).toBe(page * 7 + 1);
    sound();
    doExit(k, task, 0);
    sound();
    expect(stat("nr_mapped")).toBe(0);
  });

  test("writes a shared file mapping back to the file, and reads it again", () => {
    boot(config);
    const ino = createFile(k, { pages: 900 });
    const file = openFile(k, ino);
    map(900, MAP_SHARED, file);
    for (let page = 0; page < 900; page += 2) expect(word(page, "write", page).end).toBe("done");
    sound();
    expect(stat("pgsteal")).toBeGreaterThan(100);
    for (let page = 0; page < 900; page++)
      expect(word(page, "read").value).toBe(page % 2 === 0 ? page : initialWord(ino, page, 0));
    doExit(k, task, 0);
    sound();
    const bytes = new Uint8Array(4);
    expect(fileRead(k, file, 888 * PAGE, bytes)).toBe(4);
    expect(new DataView(bytes.buffer).getUint32(0, true)).toBe(888);
  });
});

describe("faults on file mappings", () => {
  test("read around the place: 32 pages from 16 before it, once; then the neighbours are minor (domain.md 8.5)", () => {
    map(100, MAP_SHARED, openFile(k, createFile(k, { pages: 100 })));
    const events: SimEvent[] = [];
    recordEvents(k, events);
    word(50, "read");
    word(40, "read");
    word(5, "read");
    recordEvents(k, null);
    expect(events.flatMap((event) => (event.kind === "read-ahead" ? [[event.offset, event.pages]] : []))).toEqual([
      [34, 32],
      [0, 32],
    ]);
    expect(events.flatMap((event) => (event.kind === "file-nopage" ? [event.major] : []))).toEqual([true, false, true]);
    const faults = (name: "min_flt" | "maj_flt") => k.memory.u32[(task + taskStruct.offset[name]) >>> 2];
    expect([faults("min_flt"), faults("maj_flt"), stat("pgmajfault")]).toEqual([1, 2, 2]);
  });

  test("stop reading around after 100 more misses than hits, and read single pages", () => {
    map(8192, MAP_SHARED, openFile(k, createFile(k, { pages: 8192, sparse: true })));
    const events: SimEvent[] = [];
    for (let miss = 0; miss < 100; miss++) word(miss * 40, "read");
    recordEvents(k, events);
    word(101 * 40, "read");
    word(102 * 40, "read");
    recordEvents(k, null);
    expect(events.filter(({ kind }) => kind === "read-ahead")).toEqual([]);
    expect(events.filter(({ kind }) => kind === "io-read").length).toBe(2);
    expect(events.flatMap((event) => (event.kind === "file-nopage" ? [event.major] : []))).toEqual([true, true]);
  });

  test("beyond the end of the file are refused, also for pages that were cut off", () => {
    const file = openFile(k, createFile(k, { pages: 4 }));
    map(8, MAP_SHARED, file);
    expect(word(3, "read").end).toBe("done");
    expect(word(4, "read").end).not.toBe("done");
    fileTruncate(k, file, 2 * PAGE + 10);
    expect(word(3, "read").end).not.toBe("done");
    expect(accessWord(k, task, BASE + 2 * PAGE + 12, "read").value).toBe(0);
    sound();
  });
});

describe("files without users", () => {
  test("stay cached until the inode cache is pruned, and keep what was written", () => {
    const ino = createFile(k, { pages: 3 });
    const file = openFile(k, ino);
    const mapping = mappingOf(file);
    fileRead(k, file, 0, new Uint8Array(PAGE));
    fput(k, file);
    const page = findGetPage(k, mapping, 0);
    expect(page).not.toBe(0);
    pruneIcache(k, 1);
    expect(openFile(k, ino)).not.toBe(0);
    expect(findGetPage(k, mapping, 0)).toBe(0);
    putPage(k, page);
    sound();
  });

  test("are gone with their pages when they have no name either", () => {
    const ino = createFile(k, { pages: 3 });
    const file = openFile(k, ino);
    fileRead(k, file, 0, new Uint8Array(3 * PAGE));
    unlinkFile(k, ino);
    const page = findGetPage(k, mappingOf(file), 1);
    fput(k, file);
    expect(openFile(k, ino)).toBe(0);
    expect(testPageFlag(k, page, "PG_uptodate")).toBe(false);
    putPage(k, page);
    expect(observeLru(k).zones.every(({ active, inactive }) => active.length + inactive.length === 0)).toBe(true);
    sound();
  });
});

test("zones stay sound under all of this", () => {
  addSwap(k, 1000);
  map(900, MAP_PRIVATE | MAP_ANONYMOUS);
  for (let page = 0; page < 900; page++) word(page, "write", page);
  for (const zone of k.zones.filter(({ pages }) => pages > 0)) {
    const rules = checkZone(zone).map(({ rule }) => rule);
    expect(rules.filter((rule) => rule !== "lost-page")).toEqual([]);
  }
});

test("a machine that is put back does the same again, byte for byte", () => {
  boot({ io: "async" });
  addSwap(k, 1000);
  map(800, MAP_PRIVATE | MAP_ANONYMOUS);
  const work = (from: number, to: number) => {
    for (let page = from; page < to; page++) word(page, "write", page);
  };
  work(0, 600);
  const before = snapshot(k);
  work(600, 800);
  const once = snapshot(k);
  restore(k, before);
  work(600, 800);
  expect(Buffer.compare(snapshot(k).bytes, once.bytes)).toBe(0);
});
