// What a process can reach from inside the jail: a probe stands in for the worker and tries everything.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineFile, ensureEngine } from "./build-engine";
import { type Jail, jailsFor } from "./jail";
import { seccompProgram } from "./seccomp";

/** Answers with one line: what each attempt came to. */
const probe = `
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const attempts = {
  env: () => Object.keys(process.env).length,
  readOutside: () => require("fs").readFileSync(${JSON.stringify(join(process.cwd(), "package.json"))}).length,
  passwd: () => require("fs").readFileSync("/etc/passwd").length,
  list: () => require("fs").readdirSync("/").length,
  write: () => require("fs").writeFileSync("/tmp/escaped", "x"),
  spawn: () => { const r = require("child_process").spawnSync(process.execPath, ["--version"]); if (r.error) throw r.error; return String(r.stdout); },
  thread: () => { new (require("worker_threads").Worker)("1", { eval: true }); return "started"; },
  signal: () => process.kill(process.ppid, 0),
  addon: () => process.dlopen({ exports: {} }, "/usr/lib/x86_64-linux-gnu/libc.so.6"),
};
const result = {};
for (const [name, attempt] of Object.entries(attempts)) {
  try { result[name] = attempt() ?? "done"; } catch (error) { result[name] = error.code ?? error.message; }
}
const connect = (port) => new Promise((resolve) => {
  try {
    const socket = require("net").connect(port, "127.0.0.1");
    socket.on("connect", () => resolve("connected"));
    socket.on("error", (error) => resolve(error.code));
  } catch (error) { resolve(error.code ?? error.message); }
});
result.network = await connect(Number(PORT));
console.log(JSON.stringify(result));
process.exit(0);
`;

let folder: string;
let jails: Jail[];
const listener = createServer((socket) => socket.destroy());

beforeAll(async () => {
  await ensureEngine();
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as { port: number };
  folder = mkdtempSync(join(tmpdir(), "pagewalk-jail-"));
  const worker = join(folder, "worker.mjs");
  writeFileSync(worker, probe.replace("PORT", JSON.stringify(port)));
  jails = await jailsFor({ worker, engine: engineFile() }, "auto");
});
afterAll(() => {
  listener.close();
  rmSync(folder, { recursive: true });
});

function ask(jail: Jail): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const child = jail.start();
    let text = "";
    let complaint = "";
    child.stdout!.on("data", (part) => (text += part));
    child.stderr!.on("data", (part) => (complaint += part));
    child.on("close", () => (text === "" ? reject(new Error(complaint)) : resolve(JSON.parse(text))));
  });
}

const denied = /^(E[A-Z_]+|ERR_[A-Z_]+)$/;

describe("a jailed worker", () => {
  it("has no environment and starts no process, writes no file and loads no native code in any jail", async () => {
    for (const jail of jails) {
      const found = await ask(jail).catch((error: unknown) => {
        // Not every layer works on every host; the last jail has none that could fail.
        if (jail.layers.length === 1) throw error;
        return null;
      });
      if (found === null) continue;
      // bubblewrap sets PWD; nothing of ours is passed on.
      expect(found.env, jail.layers.join()).toBeLessThanOrEqual(1);
      for (const attempt of ["readOutside", "passwd", "write", "spawn", "thread", "addon"]) {
        expect(found[attempt], `${attempt} with ${jail.layers.join()}`).toMatch(denied);
      }
    }
  });

  it("reaches no network, no file outside and no process outside behind bubblewrap and seccomp", async (context) => {
    const strongest = jails[0]!;
    const found = strongest.layers.includes("bubblewrap") ? await ask(strongest).catch(() => null) : null;
    if (found === null) {
      console.warn("skipped: bubblewrap is not installed, or this host allows no user namespaces");
      return context.skip();
    }
    expect(found.network).toMatch(/^(EPERM|EACCES|ENETUNREACH|ECONNREFUSED|ERR_ACCESS_DENIED)$/);
    for (const attempt of ["readOutside", "passwd", "list", "write", "spawn", "thread", "addon"]) {
      expect(found[attempt], attempt).toMatch(denied);
    }
  });
});

describe("the seccomp program", () => {
  it.each(["x64", "arm64"] as const)("jumps only forward and inside itself, and ends in a refusal (%s)", (arch) => {
    const program = seccompProgram(arch);
    expect(program.length).toBeLessThan(4096);
    for (const [at, [code, ifTrue, ifFalse]] of program.entries()) {
      if ((code & 7) === 5) expect(at + 1 + Math.max(ifTrue, ifFalse)).toBeLessThan(program.length);
    }
    expect(program.at(-1)).toEqual([0x06, 0, 0, 0x00050001]);
  });

  /** Runs the program as the kernel would. */
  const decide = (arch: "x64" | "arm64", audit: number, nr: number, args: readonly number[] = []) => {
    const program = seccompProgram(arch);
    let value = 0;
    for (let at = 0; ; at++) {
      const [code, ifTrue, ifFalse, k] = program[at]!;
      if (code === 0x20) value = k === 0 ? nr : k === 4 ? audit : (args[(k - 16) / 8] ?? 0);
      else if (code === 0x06) return k;
      else {
        const holds = code === 0x15 ? value === k : code === 0x45 ? (value & k) !== 0 : value >= k;
        at += holds ? ifTrue : ifFalse;
      }
    }
  };
  const allow = 0x7fff0000;
  const x64 = (nr: number, args?: readonly number[]) => decide("x64", 0xc000003e, nr, args);

  it("allows reading and threads, and neither sockets, writing files, processes nor tracing", () => {
    expect(x64(0)).toBe(allow); // read
    expect(x64(257, [0, 0, 0o2000000])).toBe(allow); // openat O_CLOEXEC
    expect(x64(257, [0, 0, 0o102])).not.toBe(allow); // openat O_RDWR|O_CREAT
    expect(x64(56, [0x3d0f00])).toBe(allow); // clone of a thread
    expect(x64(56, [0x11])).not.toBe(allow); // fork
    for (const nr of [41, 42, 49, 53, 57, 58, 62, 101, 165, 272, 310, 321, 425, 426])
      expect(x64(nr), String(nr)).not.toBe(allow);
  });

  it("kills what calls by another architecture's numbers", () => {
    expect(decide("x64", 0x40000003, 4)).toBe(0x80000000);
    expect(x64(0x40000000)).not.toBe(allow);
  });
});
