// `npm run db -- create NAME | deploy | status | check | reset --yes`: reads the command, does it, tells. Exits 0 only if all is well.
import {
  createMigration,
  deployMigrations,
  difference,
  type MigrateTarget,
  migrationStatus,
  resetDatabase,
} from "./migrate";

export const usage = "npm run db -- create NAME | deploy | status | check | reset --yes";

/** Runs one command and returns the exit code. */
export async function runMigrateCommand(
  target: MigrateTarget,
  args: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  const [command, argument] = args;
  switch (command) {
    case "create": {
      if (!argument) break;
      const name = await createMigration(target, argument);
      say(
        name
          ? `Created prisma/migrations/${name}. Read it, then: npm run db -- deploy`
          : "schema.prisma has not changed.",
      );
      return 0;
    }
    case "deploy": {
      const applied = await deployMigrations(target);
      say(applied.length > 0 ? `Applied ${applied.join(", ")}.` : "Nothing to apply.");
      return 0;
    }
    case "status": {
      const { unapplied, failed, edited } = await migrationStatus(target);
      if (unapplied.length > 0) say(`Not applied yet: ${unapplied.join(", ")}. Remedy: npm run db -- deploy`);
      if (failed.length > 0)
        say(`Failed half-way: ${failed.join(", ")}. Mend the database by hand, or: npm run db -- reset --yes`);
      if (edited.length > 0)
        say(`Changed after they were applied: ${edited.join(", ")}. Put the old text back and create a new migration.`);
      const fine = unapplied.length + failed.length + edited.length === 0;
      if (fine) say("All migrations are applied.");
      return fine ? 0 : 1;
    }
    case "check": {
      const script = await difference(target);
      say(
        script === null
          ? "The migrations give exactly schema.prisma."
          : `schema.prisma is ahead of the migrations by:\n${script}`,
      );
      return script === null ? 0 : 1;
    }
    case "reset": {
      if (argument !== "--yes") {
        say("This deletes every row of the database. If you mean it: npm run db -- reset --yes");
        return 1;
      }
      say(`Emptied the database and applied ${(await resetDatabase(target)).join(", ")}.`);
      return 0;
    }
  }
  say(usage);
  return 1;
}
