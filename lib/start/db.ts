// `npm run db`: the migrate commands on DATABASE_URL, or else on the embedded database of this checkout.
import path from "node:path";
import { runMigrateCommand } from "@/lib/db/migrate-cli";
import { openDatabase } from "./database";

const database = await openDatabase();
const target = { url: database.url, directory: path.resolve("prisma") };
const exitCode = await runMigrateCommand(target, process.argv.slice(2), (line) => console.log(line)).catch(
  (error: unknown) => {
    console.error(error);
    return 1;
  },
);
await database.release();
process.exitCode = exitCode;
