// Worked examples: domain.md A.12, 11.2, 11.3.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BadnessTask, badness, type Candidate, selectVictim } from "./badness";

const task = (totalVm: number | null, rest: Partial<Candidate> = {}): Candidate => ({
  pid: 100,
  dying: false,
  totalVm,
  children: [],
  utime: 0,
  stime: 0,
  startTime: 0,
  nice: 0,
  uid: 1000,
  euid: 1000,
  capSysAdmin: false,
  capSysRawio: false,
  oomkilladj: 0,
  ...rest,
});

describe("badness (A.12)", () => {
  test.each<[string, BadnessTask, number, number]>([
    ["size alone", task(25600), 0, 25600],
    ["less than 8192 ms of CPU time", task(25600, { utime: 8191 }), 0, 25600],
    ["32768 ms", task(25600, { utime: 32000, stime: 768 }), 0, 12800],
    ["much CPU time, four hours and a half", task(25600, { utime: 819200 }), 16384, 1280],
    ["a second short of it", task(25600), 16383, 25600],
    ["16384 s", task(25600), 16384, 12800],
    ["started in the future", task(25600, { startTime: 99999 }), 16384, 25600],
    ["children of their own", task(1000, { children: [5000, 7000, null, "shared"] }), 0, 13000],
    ["nice and root", task(1001, { nice: 5, uid: 0 }), 0, 500],
    ["root and raw I/O", task(1001, { euid: 0, capSysRawio: true }), 0, 62],
    ["adjusted up", task(1001, { oomkilladj: 3 }), 0, 8008],
    ["adjusted down", task(1001, { oomkilladj: -3 }), 0, 125],
    ["-17 is nothing special", task(2 ** 18, { oomkilladj: -17 }), 0, 2],
    ["everything", task(100, { utime: 73728, nice: 1, capSysAdmin: true, oomkilladj: 2 }), 82944, 20],
    ["no address space", task(null, { children: [5000] }), 0, 0],
  ])("%s", (_, given, uptime, points) => expect(badness(given, uptime)).toBe(points));

  test("2.6.18 counts half of each child and one page, and prefers swapoff", () => {
    const parent = task(1000, { children: [5000, 7001, "shared"] });
    expect(badness(parent, 0, 1000, "2.6.18")).toBe(1000 + 2501 + 3501);
    expect(badness(task(1, { swapoff: true }), 0, 1000, "2.6.18")).toBe(0xffffffff);
  });

  test("with HZ 100 a unit of CPU time is 10.24 s", () => {
    expect(badness(task(1000, { utime: 4095 }), 0, 100)).toBe(1000);
    expect(badness(task(1000, { utime: 4096 }), 0, 100)).toBe(500);
  });

  test("never leaves 32 bits, and a bigger task is never better off", () => {
    const size = fc.nat(2 ** 20);
    fc.assert(
      fc.property(
        size,
        size,
        fc.nat(2 ** 31),
        fc.nat(10 ** 6),
        fc.integer({ min: -16, max: 11 }),
        (a, b, utime, up, adj) => {
          const [less, more] = [a, b]
            .sort((x, y) => x - y)
            .map((vm) => badness(task(vm, { utime, oomkilladj: adj }), up));
          expect(less).toBeLessThanOrEqual(more!);
          expect(Number.isInteger(more) && more! >= 0 && more! < 2 ** 32).toBe(true);
        },
      ),
      { seed: 3 },
    );
  });
});

describe("select_bad_process", () => {
  const tasks = (...list: Candidate[]) => list.map((each, index) => ({ ...each, pid: index + 1 }));
  test("the first of the worst, never init", () => {
    expect(selectVictim(tasks(task(9000), task(10), task(700), task(700)), 0)).toEqual({
      pid: 3,
      points: 700,
      why: "points",
    });
  });
  test("the first task even without points", () => {
    expect(selectVictim(tasks(task(1), task(null), task(null)), 0)).toMatchObject({ pid: 2, points: 0 });
  });
  test("waits while somebody dies, whoever is worse", () => {
    expect(selectVictim(tasks(task(1), task(9000), task(1, { dying: true })), 0)).toBe("wait");
  });
  test("swapoff goes first", () => {
    expect(selectVictim(tasks(task(1), task(9), task(3, { swapoff: true }), task(90)), 0)).toMatchObject({
      pid: 3,
      why: "swapoff",
    });
  });
  test("panics when only init is left", () => expect(selectVictim(tasks(task(1)), 0)).toBe("panic"));
  test("2.6.18 spares a task with oom_adj -17", () => {
    const both = tasks(task(1), task(9000, { oomkilladj: -17 }), task(5));
    expect(selectVictim(both, 0, "2.6.18")).toMatchObject({ pid: 3 });
  });
});
