// The sandbox engine for Run in the browser: the very file that the grader uses. Its URL is its hash, so it is kept for ever.
import { readFile } from "node:fs/promises";
import path from "node:path";
import record from "@/lib/grader/engine/engine.json";

const file = path.join(/*turbopackIgnore: true*/ process.cwd(), "lib/grader/engine/quickjs-metered.wasm");

export async function GET(_request: Request, { params }: { params: Promise<{ hash: string }> }): Promise<Response> {
  if ((await params).hash !== record.sha256) return new Response(null, { status: 404 });
  return new Response(await readFile(file), {
    headers: { "content-type": "application/wasm", "cache-control": "public, max-age=31536000, immutable" },
  });
}
