// Which room may import which: the one table, enforced by `npm run lint` (lib/lint.ts).
// A room is a folder of lib/, or app (with app/_figures and app/_shell as rooms of their own), or e2e. A file directly in lib/ (paths.ts, rooms.ts) belongs to the room "lib".
export const rooms: Readonly<Record<string, readonly string[]>> = {
  lib: ["words"],
  words: [],
  sim: [],
  slots: ["sim"],
  scenarios: ["sim"],
  course: ["slots", "scenarios", "sim", "words"],
  grader: ["slots", "sim", "course", "words"],
  conformance: ["sim"],
  db: ["course", "grader", "slots", "words"],
  auth: ["db", "words"],
  queue: ["db", "grader", "course"],
  figures: ["lib", "sim", "slots", "scenarios", "shell", "words"], // slots, scenarios: a figure replays its trace; shell: it announces and is put into words
  shell: ["lib", "words", "auth", "course"],
  bench: ["sim", "slots", "grader", "course", "db", "auth", "queue", "start", "lib"],
  start: ["db", "auth", "queue", "grader", "course", "words", "lib"],
  app: ["lib", "words", "sim", "slots", "scenarios", "course", "grader", "db", "auth", "queue", "figures", "shell"],
  e2e: ["lib", "words", "slots", "scenarios", "grader", "start"], // slots, grader: a journey answers a prediction; scenarios: one opens each; start: another stops a site of its own
};

/** Packages that only these rooms may import: lib stays free of the web framework. */
export const packages: Readonly<Record<string, readonly string[]>> = {
  next: ["app", "shell", "start"],
  react: ["app", "figures", "shell"],
  "react-dom": ["app", "shell"],
  "@jitl/quickjs-wasmfile-release-sync": ["grader"],
  "pg-boss": ["queue"],
  "better-auth": ["auth", "app", "shell"],
  binaryen: ["grader"],
};
