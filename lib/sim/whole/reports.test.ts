import { describe, expect, it } from "vitest";
import type { Kernel } from "../kernel";
import { pageState } from "../structs";
import { bootMachine } from "./boot-machine";
import { reportLines, reportNames } from "./report-files";
import { meminfo, meminfoRows, vmstat } from "./reports";
import { runOp } from "./run-op";

const MIB = 0x100000;
/** domain.md A.2: a PC of that many MiB. */
function boot(mib: number): Kernel {
  const map = [
    { addr: 0, size: 0x9fc00, type: 1 },
    { addr: 0x9fc00, size: 0x400, type: 2 },
    { addr: 0xe8000, size: 0x18000, type: 2 },
    { addr: MIB, size: (mib - 1) * MIB, type: 1 },
  ];
  return bootMachine({ boot: { kind: "e820", map, imageEnd: 0x3a0000 }, contents: 2048 });
}

function rows(k: Kernel): Readonly<Record<string, number>> {
  return Object.fromEntries(meminfoRows(k));
}

/** The names of 2.6.11 in the order of fs/proc/proc_misc.c. */
const names = [
  ...["MemTotal", "MemFree", "Buffers", "Cached", "SwapCached", "Active", "Inactive", "HighTotal", "HighFree"],
  ...["LowTotal", "LowFree", "SwapTotal", "SwapFree", "Dirty", "Writeback", "Mapped", "Slab", "CommitLimit"],
  ...["Committed_AS", "PageTables", "VmallocTotal", "VmallocUsed", "VmallocChunk"],
];

describe("/proc/meminfo (2.6.11 fs/proc/proc_misc.c, meminfo_read_proc)", () => {
  it("begins as 64 MiB booted from a memory map must", () => {
    const k = boot(64);
    const lines = meminfo(k).split("\n");
    // 15481 pages are freed by mem_init (domain.md A.2); none of them is high memory.
    expect(lines[0]).toBe("MemTotal:        61924 kB");
    expect(lines[7]).toBe("HighTotal:           0 kB");
    expect(lines[9]).toBe("LowTotal:        61924 kB");
    expect(lines.map((line) => line.split(":")[0])).toEqual([...names, ""]);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^[A-Z]\w+: +\d+ kB$/);
    expect(new Set(lines.slice(0, -1).map(({ length }) => length))).toEqual(new Set([25]));
  });

  it("adds up, on a machine at work", () => {
    const k = bootMachine({ boot: { kind: "zones", pages: [128, 512, 256] } });
    const check = () => {
      const row = rows(k);
      expect(row.LowFree! + row.HighFree!).toBe(row.MemFree);
      expect(row.LowTotal! + row.HighTotal!).toBe(row.MemTotal);
      expect(row.VmallocUsed! + row.VmallocChunk!).toBeLessThanOrEqual(row.VmallocTotal!);
      expect(row.CommitLimit).toBe((Math.floor(((row.MemTotal! / 4) * 50) / 100) + row.SwapTotal! / 4) * 4);
      return row;
    };
    const before = check();
    runOp(k, { op: "swapon", pages: 101 });
    expect(check()).toMatchObject({ SwapTotal: 99 * 4, SwapFree: 99 * 4 });
    const ino = runOp(k, { op: "file", pages: 30 });
    runOp(k, { op: "fread", ino, page: 0, pages: 30 });
    expect(check().Cached! - before.Cached!).toBe(120);
    runOp(k, { op: "fwrite", ino, page: 0, pages: 7 });
    expect(check()).toMatchObject({ Dirty: 28, Writeback: 0, SwapCached: 0 });
    const pid = runOp(k, { op: "spawn", comm: "hog" });
    const promised = check().Committed_AS!;
    const address = runOp(k, { op: "mmap", pid, pages: 50, prot: "rw", share: "private", ino: 0 });
    expect(check().Committed_AS! - promised).toBe(200);
    const mapped = check().Mapped!;
    runOp(k, { op: "touch", pid, address, pages: 20, how: "write" });
    expect(check().Mapped! - mapped).toBe(80);
    const area = runOp(k, { op: "vmalloc", bytes: 5 * 4096 });
    const row = check();
    // Five pages and the guard page behind them.
    expect(row.VmallocUsed).toBeGreaterThanOrEqual(24);
    runOp(k, { op: "vfree", address: area });
    expect(row.VmallocUsed! - check().VmallocUsed!).toBe(24);
  });

  it("counts high memory apart", () => {
    const k = bootMachine({ boot: { kind: "zones", pages: [128, 512, 256] } });
    const row = rows(k);
    expect([row.MemTotal, row.HighTotal, row.LowTotal]).toEqual([896 * 4, 256 * 4, 640 * 4]);
  });
});

describe("/proc/vmstat", () => {
  it("has a line for each counter, and counts what happened", () => {
    const k = boot(16);
    const read = () =>
      Object.fromEntries(
        vmstat(k)
          .trimEnd()
          .split("\n")
          .map((line) => {
            const [name, value] = line.split(" ");
            return [name!, Number(value)];
          }),
      );
    const before = read();
    // All of them, and one that is always 0 here.
    expect(Object.keys(before).toSorted()).toEqual([...Object.keys(pageState.fields), "nr_unstable"].toSorted());
    expect(Object.keys(before).slice(0, 7).at(-1)).toBe("pgpgin");
    const ino = runOp(k, { op: "file", pages: 3 });
    runOp(k, { op: "fread", ino, page: 0, pages: 3 });
    const after = read();
    // In kB: the counter itself counts sectors.
    expect(after.pgpgin! - before.pgpgin!).toBe(12);
    expect(after.pgalloc! - before.pgalloc!).toBeGreaterThanOrEqual(3);
  });
});

describe("reports by name", () => {
  it("has text for each, without empty lines at the end", () => {
    const k = boot(16);
    for (const name of reportNames) {
      const lines = reportLines(k, name, 1);
      expect(lines.length, name).toBeGreaterThan(0);
      expect(lines.at(-1), name).not.toBe("");
    }
    expect(reportLines(k, "buddyinfo", 1)[0]).toMatch(/^Node 0, zone {6}DMA( +\d+){11} $/);
    expect(reportLines(k, "maps", 1)[0]).toBe("08048000-08049000 r-xp 00000000 00:00 1");
    expect(reportLines(k, "slabinfo", 1)[0]).toBe("slabinfo - version: 2.1");
  });

  it("has none for the areas of a process that is not there, or has no memory any more", () => {
    const k = boot(16);
    expect(reportLines(k, "maps", 99)).toEqual([]);
    const pid = runOp(k, { op: "spawn", comm: "short" });
    runOp(k, { op: "exit", pid });
    expect(reportLines(k, "maps", pid)).toEqual([]);
  });
});
