// Running a script in a Node of its own and waiting for it.
import { type ChildProcess, spawn } from "node:child_process";

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Keep the output back; it is in the error if the script fails. */
  readonly quiet?: boolean;
}

/** Arguments that let Node run TypeScript of this project, `@/` included. */
export const typescript = ["--import", "tsx"] as const;

export function startNode(script: string, args: readonly string[], options: RunOptions = {}): ChildProcess {
  const flags = script.endsWith(".ts") ? typescript : [];
  return spawn(process.execPath, [...flags, script, ...args], {
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...options.env },
    stdio: options.quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
  });
}

/** @throws with the script's last words if it ends otherwise than with 0. */
export async function runNode(script: string, args: readonly string[], options: RunOptions = {}): Promise<void> {
  const child = startNode(script, args, options);
  let said = "";
  const listen = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-8000);
  };
  child.stdout?.on("data", listen);
  child.stderr?.on("data", listen);
  const code = await exitOf(child);
  if (code !== 0) throw new Error(`${script} ${args.join(" ")} ended with ${code}.\n${said}`);
}

/** The exit code, or the signal that ended the process. */
export function exitOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve, reject) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode ?? child.signalCode ?? 1);
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? signal ?? 1));
  });
}
