// `npm run build`: the production build, if it is stale.
import { ensurePrismaClient } from "./prisma-client";
import { progress } from "./progress";

await ensurePrismaClient();
const { ensureProductionBuild } = await import("./production-build");
await progress("production build", ensureProductionBuild, (outcome) => outcome);
