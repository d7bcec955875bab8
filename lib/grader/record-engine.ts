// Records the engine that the installed package gives: run on purpose, after changing the package or the metering pass.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildEngine, engineFile } from "./build-engine";

const { wasm, record } = await buildEngine();
await writeFile(engineFile(), wasm);
await writeFile(join(engineFile(), "..", "engine.json"), `${JSON.stringify(record, null, 2)}\n`);
console.log(`recorded engine ${record.sha256} (${record.bytes} bytes, ${record.counts.loops} loops charged)`);
