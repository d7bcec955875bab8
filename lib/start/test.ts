// `npm test`: unit, property, database and process tests, then journeys in a real browser. `--only unit|db|e2e` for a part.
import { ensurePrismaClient } from "./prisma-client";

process.env.NEXT_TELEMETRY_DISABLED = "1";
await ensurePrismaClient();
const { runTests, testParts } = await import("./run-test");
const only = process.argv[process.argv.indexOf("--only") + 1];
const chosen = process.argv.includes("--only") ? testParts.filter((part) => part === only) : testParts;
if (chosen.length === 0) {
  console.error(`npm test -- --only ${testParts.join("|")}`);
  process.exit(1);
}
process.exit(await runTests(chosen));
