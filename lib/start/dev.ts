// `npm run dev`: the development server on PORT (4100), with the embedded database and the graders.
import { ensurePrismaClient } from "./prisma-client";

await ensurePrismaClient();
// Only now: what follows imports the generated client.
const { runDev } = await import("./run-dev");
process.exitCode = await runDev(Number(process.env.PORT ?? 4100));
