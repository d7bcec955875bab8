import { describe, expect, it } from "vitest";
import { parseOp } from "@/lib/scenarios/command";
import { type MachineSceneOp, type MachineState, machineScenario } from "@/lib/scenarios/machine";
import type { MachineConfig } from "@/lib/scenarios/machine-config";
import { append, lastMoments, type Moment, openSession, type Session } from "@/lib/scenarios/run";
import { bootMachine } from "@/lib/sim/whole/boot-machine";
import { meminfo } from "@/lib/sim/whole/reports";
import { translator } from "@/lib/words/translator";
import { narrowWidth, wideWidth } from "../scene";
import { joinSentences } from "../sentences";
import type { WordsOf } from "../words";
import { concludeMachine, resultOfMachine } from "./conclude";
import { layoutMachine, shownTasks } from "./layout";
import { machinePart } from "./machine";
import { mirrorMachine } from "./mirror";
import { tabulateMachine } from "./table";
import { tellMachine } from "./tell";

const words = translator("en", "figure-machine") as unknown as WordsOf<"figure-machine">;
const config: MachineConfig = { boot: "free", pages: [128, 384, 256], monitor: "on", swappiness: 60, overcommit: 0 };

type MachineSession = Session<MachineConfig, MachineSceneOp, MachineState>;

function open(lines: readonly string[], options: Partial<MachineConfig> = {}): MachineSession {
  const ops = lines.map((line) => {
    const op = parseOp(machineScenario.commands, line);
    if ("key" in op) throw new Error(`${line}: ${op.key}`);
    return op as MachineSceneOp;
  });
  const session = openSession(machineScenario, { ...config, ...options }, ops);
  expect(session.ops).toEqual(ops);
  return session;
}

const told = (moment: Moment<MachineState>) =>
  joinSentences([
    ...moment.events.flatMap((event) => tellMachine(event, words, moment) ?? []),
    ...concludeMachine(moment, words),
  ]);
const say = (session: MachineSession) => lastMoments(session).map(told);
const box = (moment: Moment<MachineState>, key: string, width = wideWidth) =>
  layoutMachine(moment, width, words, null).boxes.find((each) => each.key === key)!;

describe("a program at work", () => {
  const start = ["file 4", "spawn shell", "mmap 2 8 rw private 2", "mmap 2 8"];

  it("reads a file through its mapping, copies what it writes, and gets new pages elsewhere", () => {
    expect(say(open(start))).toEqual([
      "8 pages are mapped at 0xb7ff0000; nothing is read or filled before it is touched.",
    ]);
    // The fault on page 0 reads around it: all four pages of the file.
    expect(say(open([...start, "touch 2 0xb7ff8000 4 read"]))).toEqual([
      "Page faults: 4 got a page of the page cache. 4 pages are read from the disk. 1 slab is added. 4 of 4 pages faulted.",
    ]);
    expect(say(open([...start, "touch 2 0xb7ff8000 4 read", "touch 2 0xb7ff8000 1"]))).toEqual([
      "Page faults: 1 got a copy (copy on write). 1 of 1 pages faulted.",
    ]);
    expect(say(open([...start, "touch 2 0xb7ff0000 8", "touch 2 0xb7ff0000 8"]))).toEqual([
      "No page faulted: all were there.",
    ]);
  });

  it("dies of a signal where nothing is mapped", () => {
    const session = open([...start, "read 2 0x1000"]);
    expect(joinSentences(say(session))).toBe(
      "Process 2 may not touch 0x00001000: SIGSEGV. Process 2 dies of SIGSEGV. It fails: -EFAULT.",
    );
    const { state } = lastMoments(session).at(-1)!;
    expect(state.tasks.map((task) => task.state)).toEqual(["running", "zombie"]);
    expect(say(append(machineScenario, session, { op: "wait", pid: 1 }) as MachineSession)).toEqual([
      "The dead process 2 is taken off the list.",
    ]);
  });

  it("names errors as the kernel does", () => {
    expect(say(open(["fork 9"]))).toEqual(["It fails: -ESRCH."]);
    expect(say(open(["spawn hog", "mmap 2 4096"]))).toEqual([
      expect.stringMatching(
        /^4,096 pages are not promised: \d+ are available, \d+ are promised already\. It fails: -ENOMEM\.$/,
      ),
    ]);
    expect(resultOfMachine({ op: "mmap" }, -12, words)).toBe("-ENOMEM");
    expect(resultOfMachine({ op: "mmap" }, 0xb7ff4000, words)).toBe("0xb7ff4000");
  });
});

describe("more than there is", () => {
  const hog = (pid: number) => ["spawn hog", `mmap ${pid} 300`, `touch ${pid} 0xb7ed4000 300`];
  const session = open(["swapon 300", ...hog(2), ...hog(3), ...hog(4)]);
  const steps = lastMoments(session);

  it("shows kswapd awake while a zone is low, and what it did when it sleeps", () => {
    const woken = steps.find(({ events }) => events.at(-1)?.kind === "kswapd-wake")!;
    expect(woken.state.kswapdAwake).toBe(true);
    expect(woken.state.findings).toBeNull();
    expect(box(woken, "card:kswapd")).toMatchObject({ look: "used", label: "▲ kswapd awake" });
    expect(box(woken, "card:monitor").label).toBe("· invariants not checked");
    const asleep = steps.at(-1)!;
    expect(box(asleep, "card:kswapd")).toMatchObject({ look: "panel", label: "– kswapd asleep" });
    expect(box(asleep, "card:monitor").label).toBe("✓ all invariants hold");
    expect(told(asleep)).toMatch(/pages are written to swap\. \d+ pages are reclaimed\. 300 of 300 pages faulted\.$/);
  });

  it("fills the swap bar by the share that is used, and rings the process that runs", () => {
    const moment = steps.at(-1)!;
    const { swap } = moment.state;
    expect(swap.total - swap.free).toBeGreaterThan(50);
    const share = box(moment, "swap-used").width / box(moment, "swap").width;
    expect(share).toBeCloseTo((swap.total - swap.free) / swap.total, 2);
    const { rings } = layoutMachine(moment, wideWidth, words, null);
    const bar = box(moment, "task:4");
    expect(rings.some(({ x, y, height }) => x < bar.x && y < bar.y && y + height > bar.y + bar.height)).toBe(true);
  });

  it("keeps every frame in exactly one run of a zone's strip, and one use", () => {
    for (const { zones } of steps.map(({ state }) => state)) {
      for (const { strip, pages, startPfn, uses } of zones) {
        let next = startPfn;
        for (const run of strip) {
          expect(run.pfn).toBe(next);
          next += run.pages;
        }
        expect(next).toBe(startPfn + pages);
        expect(Object.values(uses).reduce((sum, count) => sum + count, 0)).toBe(pages);
      }
    }
  });

  it("kills the largest when there is no swap, and says why", () => {
    const killed = open(
      ["spawn editor", "mmap 2 100", "touch 2 0xb7f9c000 100", "spawn hog", "mmap 3 700", "touch 3 0xb7d44000 700"],
      {
        overcommit: 1,
      },
    );
    const story = joinSentences(say(killed));
    expect(story).toContain("kswapd finds nothing to free and goes to sleep.");
    expect(story).toContain("A request frees pages itself (direct reclaim): 0.");
    expect(story).toMatch(
      /No progress: the OOM killer is called\. Process 3 has the most points, \d+\. Process 3 gets SIGKILL\./,
    );
    expect(lastMoments(killed).at(-1)!.state).toMatchObject({ killed: 1, findings: [] });
    // kswapd ran many times in vain: told once.
    expect(lastMoments(killed).length).toBeLessThan(8);
  });
});

describe("reports of /proc", () => {
  const report = (session: MachineSession) => tabulateMachine(lastMoments(session).at(-1)!.state, words)[0]!;

  it("shows meminfo from the start, as the kernel prints it", () => {
    const { caption, rows, preformatted } = report(open([]));
    expect([caption, preformatted]).toEqual(["The text of /proc/meminfo", true]);
    const boot = bootMachine({ boot: { kind: "zones", pages: [128, 384, 256] } });
    expect(rows.map(({ cells }) => `${cells[1]}\n`).join("")).toBe(meminfo(boot));
  });

  it("keeps the report that was opened last, and shows what it says now", () => {
    const opened = open(["spawn shell", "cat maps 2"]);
    expect(say(opened)).toEqual([expect.stringMatching(/^\/proc\/maps is open below: \d+ lines\.$/)]);
    const before = report(opened).rows.length;
    const more = append(machineScenario, opened, parseOp(machineScenario.commands, "mmap 2 5 r") as MachineSceneOp);
    expect(report(more as MachineSession)).toMatchObject({ caption: "The text of /proc/2/maps" });
    expect(report(more as MachineSession).rows.length).toBe(before + 1);
    expect(say(open(["cat maps 77"]))).toEqual(["It fails: -ENOENT."]);
    expect(report(open(["cat buddyinfo"])).rows).toHaveLength(3);
  });
});

describe("a machine booted as a PC", () => {
  const { state } = openSession(machineScenario, { ...config, boot: "pc", pages: [4096, 1024, 0] }, []).moments[0]![0]!;

  it("has the kernel image, the hole below 1 MiB and mem_map reserved, and is sound", () => {
    expect(state.findings).toEqual([]);
    const [dma, normal] = state.zones;
    // 0x9f000 to 0x100000 is no RAM; the image and what boot took follow, up to page 0x3a1.
    expect(dma!.uses.reserved).toBeGreaterThan(96 + 0x3a1 - 0x100);
    // mem_map: 32 bytes for each page and one more, from 16 MiB on.
    expect(normal!.uses.reserved).toBeGreaterThanOrEqual((5121 * 32) / 4096);
  });
});

describe("what must not be asked", () => {
  it.each([
    ["exit 1", "refuseInit"],
    ["swapon 2048", "refuseDisk"],
    ["kfree 0xc0001000", "refuseNotHeld"],
    ["vfree 0xc8000000", "refuseNotHeld"],
    ["free 17 2", "refuseNotInUse"],
  ])("%s", (line, key) => {
    const op = parseOp(machineScenario.commands, line) as MachineSceneOp;
    expect(append(machineScenario, open(["file 1"]), op)).toMatchObject({ by: "part", refusal: { key } });
  });

  it("reads configurations of strangers, and no others", () => {
    expect(machineScenario.readConfig({ pages: [128, 384, 256] })).toEqual(config);
    expect(machineScenario.readConfig({ ...config, monitor: "off", swappiness: 0, overcommit: 2 })).toMatchObject({
      monitor: "off",
      swappiness: 0,
      overcommit: 2,
    });
    for (const wrong of [
      {},
      { pages: [1, 2] },
      { pages: [0, 100, 0] },
      { ...config, swappiness: 101 },
      { ...config, overcommit: 3 },
      { ...config, boot: "pc" },
    ])
      expect(machineScenario.readConfig(wrong)).toBeNull();
  });
});

describe("the picture", () => {
  const spawns = Array.from({ length: 9 }, () => "spawn shell");

  it("has the same height whatever runs, wide and narrow", () => {
    for (const width of [280, narrowWidth, wideWidth]) {
      const heights = [[], spawns].map(
        (lines) => layoutMachine(lastMoments(open(lines)).at(-1)!, width, words, null).height,
      );
      expect(new Set(heights).size).toBe(1);
    }
  });

  it("says how many processes it leaves to the table", () => {
    const moment = lastMoments(open(spawns)).at(-1)!;
    const scene = layoutMachine(moment, narrowWidth, words, null);
    expect(scene.labels.map(({ text }) => text)).toContain("3 more in the table");
    expect(mirrorMachine(moment.state, scene, words).filter(({ key }) => key.startsWith("task:"))).toHaveLength(
      shownTasks,
    );
    expect(tabulateMachine(moment.state, words)[3]!.rows).toHaveLength(10);
  });

  it("says which invariants are broken", () => {
    const moment = lastMoments(open(["tick"])).at(-1)!;
    const broken = { ...moment, state: { ...moment.state, findings: ["zones: nr-free", "slab: chain"] } };
    expect(box(broken, "card:monitor")).toMatchObject({ look: "lost", label: "✗ 2 invariants broken" });
    expect(told(broken)).toContain("Invariants that do not hold: zones: nr-free, slab: chain.");
    expect(machinePart.figure.summarize(broken.state, words)).toContain("zones: nr-free");
  });
});
