// Calling initdb and pg_ctl of the embedded PostgreSQL.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Home } from "./postgres-home";

/** Creates a cluster in `data`: UTF-8, the same order of text on every system, passwords for everyone. */
export async function initialize(home: Home, data: string, password: string): Promise<void> {
  const passwordFile = path.join(os.tmpdir(), `pagewalk-${randomBytes(8).toString("hex")}`);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (home.runAs) await chown(passwordFile, home.runAs.uid, home.runAs.gid);
  const locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-E", "UTF8"];
  try {
    await run(home, home.programs.initdb, [
      "-D",
      data,
      "-U",
      "postgres",
      `--pwfile=${passwordFile}`,
      "-A",
      "scram-sha-256",
      ...locale,
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Starts the server as a daemon and waits until it accepts connections. Local TCP only: no socket file, no network. */
export function launch(home: Home, port: number): Promise<void> {
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`;
  const args = [
    "-D",
    path.join(home.directory, "data"),
    "-l",
    logOf(home),
    "-w",
    "-t",
    "60",
    "-s",
    "-o",
    options,
    "start",
  ];
  return run(home, home.programs.pg_ctl, args, "detached");
}

export function shutDown(home: Home): Promise<void> {
  return run(home, home.programs.pg_ctl, ["-D", path.join(home.directory, "data"), "-m", "fast", "-w", "-s", "stop"]);
}

export async function tailOfLog(home: Home): Promise<string> {
  const log = await readFile(logOf(home), "utf8").catch(() => "");
  return `The end of ${logOf(home)}:\n${log.slice(-2000)}`;
}

const logOf = (home: Home) => path.join(home.directory, "postgres.log");

/** `detached`: the server inherits our pipes and would keep them open for ever, so it gets none; its log tells the story. */
function run(
  home: Home,
  program: string,
  args: readonly string[],
  output: "piped" | "detached" = "piped",
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...(home.runAs ?? {}),
      cwd: os.tmpdir(),
      env: programEnvironment(),
      stdio: output === "detached" ? "ignore" : ["ignore", "pipe", "pipe"],
      // A Ctrl-C in the terminal is ours to handle; the server is stopped in order, not in panic.
      detached: true,
    });
    let said = "";
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${path.basename(program)} ended with ${code}: ${said.trim()}${remedy(said)}`));
    });
  });
}

/** PG* variables of the user's shell (PGDATA, PGPORT, …) are meant for other servers. */
function programEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  return { ...Object.fromEntries(kept), NODE_ENV: process.env.NODE_ENV ?? "production", LC_ALL: "C", TZ: "UTC" };
}

function remedy(said: string): string {
  if (/could not look up effective user ID/.test(said))
    return "\nThis user has no entry in /etc/passwd (a container started with a bare number?): add one, or set DATABASE_URL.";
  if (/Permission denied/.test(said))
    return "\nAnother user started this checkout before: start as that user, or delete .data/.";
  return "";
}
