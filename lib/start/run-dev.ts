// Development: everything `npm start` runs, with pages compiled as they are asked for.
import { createRequire } from "node:module";
import { prepare } from "./prepare";
import { progress } from "./progress";
import { exitOf, startNode } from "./run-node";

export async function runDev(port: number): Promise<number> {
  const { database, env } = await prepare(progress);
  const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
  const web = startNode(next, ["dev", "-p", String(port)], { env });
  const stop = () => web.kill("SIGTERM");
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const code = await exitOf(web);
  await database.release();
  return typeof code === "number" ? code : 0;
}
