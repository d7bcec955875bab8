// Receipts of verdicts made on this machine, one JSON file each, with what a replay needs.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Verdict } from "./verdict";

export interface StoredVerdict {
  /** Slug, or uuid where the database stored it. */
  readonly exercise: string;
  readonly source: string;
  readonly seed: string;
  readonly verdict: Verdict;
}

export async function storeReceipt(directory: string, stored: StoredVerdict): Promise<void> {
  const id = stored.verdict.receipt?.id;
  if (id === undefined) throw new Error("a verdict without receipt cannot be replayed");
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, `${id}.json`);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(stored));
  await rename(draft, file);
}

/** Null if there is none of that id here. */
export async function storedReceipt(directory: string, id: string): Promise<StoredVerdict | null> {
  if (!/^[0-9a-f]{32}$/.test(id)) return null;
  try {
    return JSON.parse(await readFile(path.join(directory, `${id}.json`), "utf8")) as StoredVerdict;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
