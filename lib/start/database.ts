// The database of this checkout: DATABASE_URL if it is set, else the embedded PostgreSQL in .data/postgres.
import path from "node:path";
import { startPostgres } from "./postgres";

export interface Database {
  readonly kind: "embedded" | "external";
  readonly url: string;
  /** One line for the progress display. */
  readonly note: string;
  /** Call when done with it; an embedded server stops with its last user. */
  release(): Promise<void>;
}

/** Where this checkout keeps its data. Another one (PAGEWALK_DATA) makes another instance, for tests. */
export const dataDirectory = path.resolve(process.env.PAGEWALK_DATA ?? ".data");

export async function openDatabase(
  name = "pagewalk",
  directory = path.join(dataDirectory, "postgres"),
): Promise<Database> {
  const url = process.env.DATABASE_URL;
  if (url) return { kind: "external", url, note: `using DATABASE_URL (${hostOf(url)})`, release: async () => {} };
  const postgres = await startPostgres(directory);
  return {
    kind: "embedded",
    url: await postgres.database(name),
    note: `embedded PostgreSQL ${postgres.outcome} on port ${postgres.port}`,
    release: async () => void (await postgres.release()),
  };
}

/** For display: never the password. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "not a URL";
}
