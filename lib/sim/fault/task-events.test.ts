import { expect, test } from "vitest";
import { createFile, openFile } from "../cache/file";
import { unlinkFile } from "../cache/inode";
import { fileTruncate } from "../cache/vmtruncate";
import { recordEvents } from "../create-kernel";
import type { SimEvent } from "../events";
import { bootMachine } from "../whole/boot-machine";
import { setLowmemReserveRatio, setMinFreeKbytes } from "../zones/watermarks";
import { doFork } from "./fork";
import { madviseDontneed } from "./madvise";
import { findTask, getTask, switchTo } from "./task";
import { copyToUser } from "./uaccess";

test("tells of everything that has no other trace: switches, forks with their address space, advice, copies, files, marks", () => {
  const k = bootMachine({ boot: { kind: "zones", pages: [128, 512, 256] } });
  const init = findTask(k, 1);
  const mm = getTask(k.memory.u32, init, "mm");
  const events: SimEvent[] = [];
  const heard = (kind: string) => events.findLast((event) => event.kind === kind);
  recordEvents(k, events);
  const child = doFork(k, init, 0);
  expect(heard("task-switch")).toEqual({ kind: "task-switch", pid: 1 });
  expect(heard("task-new")).toMatchObject({ pid: 2, parent: 1, mm: getTask(k.memory.u32, child, "mm") });
  madviseDontneed(k, mm, 0x08049000, 4096);
  expect(heard("madvise")).toEqual({ kind: "madvise", start: 0x08049000, end: 0x0804a000 });
  copyToUser(k, 0x08049ffc, new Uint8Array(8).fill(7));
  expect(heard("user-copy")).toEqual({ kind: "user-copy", how: "to-user", address: 0x08049ffc, bytes: 8, left: 0 });
  switchTo(k, 0);
  expect(heard("task-switch")).toEqual({ kind: "task-switch", pid: 0 });
  const ino = createFile(k, { pages: 3 });
  fileTruncate(k, openFile(k, ino), 100);
  expect(heard("file-size")).toEqual({ kind: "file-size", ino, before: 12_288, after: 100 });
  unlinkFile(k, ino);
  expect(heard("unlink")).toEqual({ kind: "unlink", ino });
  setMinFreeKbytes(k, 512);
  setLowmemReserveRatio(k, [128, 16]);
  expect([heard("marks-set"), heard("reserves-set")]).toEqual([
    { kind: "marks-set", minFreeKbytes: 512 },
    { kind: "reserves-set", dma: 128, normal: 16 },
  ]);
});
