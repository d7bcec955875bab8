import { defineConfig } from "prisma/config";

// `generate`, `validate` and `format` need no schema engine; without a path the CLI would try to download one first.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "postgresql://127.0.0.1:5432/none" },
});
