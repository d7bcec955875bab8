// Makes sure that the generated Prisma client exists; other npm scripts run this first.
import { ensurePrismaClient } from "./prisma-client";

await ensurePrismaClient();
