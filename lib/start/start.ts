// `npm start`: everything, from an empty checkout to a served page, in one command.
import { ensurePrismaClient } from "./prisma-client";
import { progress } from "./progress";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Pagewalk needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer one from nodejs.org.`,
  );
  process.exit(1);
}
Object.assign(process.env, { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" });
console.log("Starting Pagewalk");
await progress(
  "Node",
  async () => process.versions.node,
  (found) => `${found}, ${process.platform} ${process.arch}`,
);
await progress("database client", ensurePrismaClient, (outcome) => outcome);
// Only now: what follows imports the generated client.
const { runStart } = await import("./run-start");
process.exit(await runStart());
