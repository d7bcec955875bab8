// How a worker process is started, with as many walls around it as this host can build.
// Theory: the engine alone contains the learner's code; these layers are for the day on which it does not. Each is used if the
//         host has it, the strongest combination that really starts a worker wins, and the health page shows which ones it is:
//         bubblewrap   own user, pid, network, ipc and mount namespaces; sees Node, its libraries, the worker and the engine
//         namespaces   the same namespaces without the narrow file tree, through unshare(1)
//         seccomp      the system calls of seccomp.ts and no others
//         rlimits      data size, open files, no core file, no written file
//         permissions  Node's own: reads two files, writes none, starts no process, no thread and no native code
//         The environment is empty in every combination.
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { accessSync, closeSync, constants, lstatSync, openSync, readlinkSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { isSeccompArchitecture, seccompBytes } from "./seccomp";

export type Layer = "bubblewrap" | "namespaces" | "seccomp" | "rlimits" | "permissions";

export interface Program {
  /** The bundled worker (worker-bundle.ts). */
  readonly worker: string;
  /** The metered engine (build-engine.ts). */
  readonly engine: string;
}

export interface Jail {
  readonly layers: readonly Layer[];
  /** Starts a worker at the head of a process group of its own: stdin and stdout are its lines, stderr its complaints. */
  start(): ChildProcess;
}

/** Old generation of V8; the engine's own memory lies outside of it and is limited by itself. */
const heapMiB = 128;
/** Data of a worker. Node 24 reserves about 1 GiB of address space for code, so less would not start. */
const dataBytes = 2 * 1024 ** 3;
const noEnvironment = {} as NodeJS.ProcessEnv;
const inside = { worker: "/grader/worker.mjs", engine: "/grader/engine.wasm", node: "/grader/node" };

/** Every combination that may work here, strongest first; the last one needs nothing but Node. */
export async function jailsFor(program: Program, mode: "auto" | "off"): Promise<Jail[]> {
  const bare = { ...program, node: process.execPath };
  const plain: Jail = {
    layers: ["permissions"],
    start: () => spawn(process.execPath, nodeArguments(bare), { env: noEnvironment, stdio: "pipe", detached: true }),
  };
  if (mode === "off" || process.platform !== "linux") return [plain];
  const prlimit = find("prlimit");
  const bwrap = find("bwrap");
  const unshare = find("unshare");
  const filter = await seccompFile(program);
  const limit = prlimit === null ? [] : [prlimit, `--data=${dataBytes}`, "--core=0", "--nofile=64", "--fsize=0", "--"];
  const limitLayer: Layer[] = prlimit === null ? [] : ["rlimits"];
  const jails: Jail[] = [];
  if (bwrap !== null) {
    const box = [bwrap, ...boxArguments(program)];
    const command = [inside.node, ...nodeArguments(inside)];
    if (filter !== null) {
      jails.push({
        layers: ["bubblewrap", "seccomp", ...limitLayer, "permissions"],
        start: () => startWith([...limit, ...box, "--seccomp", "3", "--", ...command], filter),
      });
    }
    jails.push({
      layers: ["bubblewrap", ...limitLayer, "permissions"],
      start: () => startWith([...limit, ...box, "--", ...command]),
    });
  }
  const command = [process.execPath, ...nodeArguments(bare)];
  if (unshare !== null) {
    const apart = [unshare, "--user", "--net", "--ipc", "--uts", "--pid", "--fork", "--kill-child", "--"];
    jails.push({
      layers: ["namespaces", ...limitLayer, "permissions"],
      start: () => startWith([...limit, ...apart, ...command]),
    });
  }
  if (prlimit !== null) {
    jails.push({ layers: ["rlimits", "permissions"], start: () => startWith([...limit, ...command]) });
  }
  return [...jails, plain];
}

function startWith([command, ...args]: readonly string[], filter?: string): ChildProcess {
  if (filter === undefined) return spawn(command!, args, { env: noEnvironment, stdio: "pipe", detached: true });
  const descriptor = openSync(filter, "r");
  try {
    const stdio: StdioOptions = ["pipe", "pipe", "pipe", descriptor];
    return spawn(command!, args, { env: noEnvironment, stdio, detached: true });
  } finally {
    closeSync(descriptor);
  }
}

function nodeArguments({ worker, engine }: { worker: string; engine: string }): string[] {
  const permission = process.allowedNodeEnvironmentFlags.has("--permission")
    ? "--permission"
    : "--experimental-permission";
  return [
    permission,
    `--allow-fs-read=${worker}`,
    `--allow-fs-read=${engine}`,
    "--no-warnings",
    `--max-old-space-size=${heapMiB}`,
    worker,
    engine,
  ];
}

/** A root that holds shared libraries, three files and nothing to execute but Node. */
function boxArguments(program: Program): string[] {
  const libraries = ["/usr/lib", "/usr/lib64", "/lib", "/lib64"].flatMap((path) => {
    const kind = lstatSync(path, { throwIfNoEntry: false });
    if (kind === undefined) return [];
    return kind.isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
  });
  const cache = "/etc/ld.so.cache";
  return [
    "--unshare-all",
    "--die-with-parent",
    "--new-session",
    ...libraries,
    ...["--ro-bind-try", cache, cache],
    ...["--ro-bind", process.execPath, inside.node],
    ...["--ro-bind", program.worker, inside.worker],
    ...["--ro-bind", program.engine, inside.engine],
    ...["--proc", "/proc"],
    ...["--dev", "/dev"],
    ...["--chdir", "/"],
    ...["--cap-drop", "ALL"],
    ...["--uid", "65534"],
    ...["--gid", "65534"],
  ];
}

async function seccompFile(program: Program): Promise<string | null> {
  if (!isSeccompArchitecture(process.arch)) return null;
  const file = join(dirname(program.worker), `seccomp-${process.arch}.bpf`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, seccompBytes(process.arch));
  return file;
}

/** The system's own tools only: an entry of PATH could be anybody's. */
function find(tool: string): string | null {
  for (const folder of `/usr/bin${delimiter}/bin${delimiter}/usr/local/bin`.split(delimiter)) {
    const file = join(folder, tool);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here: the next folder.
    }
  }
  return null;
}
