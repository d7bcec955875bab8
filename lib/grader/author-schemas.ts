// JSON Schemas for the files an author writes, so that an editor completes and checks them. Generated, never edited.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { chapterFileSchema, courseFileSchema } from "@/lib/course/chapter";
import { exerciseFileSchema, tracesFileSchema } from "@/lib/course/exercise";
import { figuresFileSchema, questionsFileSchema } from "@/lib/course/figures-file";

const schemas = {
  "course.schema.json": courseFileSchema,
  "chapter.schema.json": chapterFileSchema,
  "figures.schema.json": figuresFileSchema,
  "questions.schema.json": questionsFileSchema,
  "exercise.schema.json": exerciseFileSchema,
  "traces.schema.json": tracesFileSchema,
};

/** File name -> text, as they should be in exercises/. */
export function authorSchemas(): Record<string, string> {
  const entries = Object.entries(schemas).map(([file, schema]): [string, string] => {
    const json = z.toJSONSchema(schema, { io: "input", target: "draft-7", reused: "ref" });
    return [file, `${JSON.stringify(json, null, 2)}\n`];
  });
  return Object.fromEntries(entries);
}

/** Names of the files that are missing or not what they should be. */
export async function staleSchemas(directory: string): Promise<string[]> {
  const stale: string[] = [];
  for (const [file, text] of Object.entries(authorSchemas())) {
    const present = await readFile(path.join(directory, file), "utf8").catch(() => null);
    if (present !== text) stale.push(file);
  }
  return stale;
}

export async function writeSchemas(directory: string): Promise<void> {
  for (const [file, text] of Object.entries(authorSchemas())) await writeFile(path.join(directory, file), text);
}
