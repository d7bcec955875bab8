// Worked examples: domain.md 12; Linux 2.6.11 ipc/shm.c.
import { beforeEach, describe, expect, test } from "vitest";
import { createKernel } from "../create-kernel";
import { access } from "../fault/access";
import { giveAddressSpace } from "../fault/exec";
import { doExit } from "../fault/exit";
import { doFork } from "../fault/fork";
import { getTask, newTask, switchTo } from "../fault/task";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { doMunmap } from "../mm/munmap";
import { checkOom } from "../oom/check-oom";
import { committedPages } from "../oom/overcommit";
import { checkShmem } from "./check-shmem";
import { shmemData, shmidKernel } from "./structs";
import {
  findSegment,
  IPC_CREAT,
  IPC_EXCL,
  IPC_PRIVATE,
  SHM_RDONLY,
  SHM_REMAP,
  SHM_RND,
  SHMALL,
  SHMMAX,
  shmat,
  shmctl,
  shmdt,
  shmget,
} from "./sysv";

const KEY = 0x5eed;
const PAGE = 4096;
const AT = 0x20000000;
let k: Kernel;
let task: Addr;

beforeEach(() => {
  k = createKernel({ boot: { kind: "zones", pages: [0, 1024, 0] }, overcommit: { mode: 1, ratio: 50 } });
  task = newTask(k, "init");
  expect(giveAddressSpace(k, task)).toBe(0);
  switchTo(k, task);
});
const attached = (id: number) => k.memory.i32[(findSegment(k, id) + shmidKernel.offset.shm_nattch) >>> 2];
const limit = (name: "shm_ctlmni" | "shm_tot", value: number) => {
  k.memory.u32[(k.data + kernelData.offset.shmem + shmemData.offset[name]) >>> 2] = value;
};
const sound = () => expect([...checkShmem(k), ...checkOom(k)]).toEqual([]);

describe("shmget", () => {
  test("finds by key, makes if asked to, never finds a private one", () => {
    expect(shmget(k, KEY, PAGE, 0)).toBe(-2);
    const id = shmget(k, KEY, 5 * PAGE, IPC_CREAT);
    expect([shmget(k, KEY, PAGE, 0), shmget(k, KEY, 5 * PAGE, IPC_CREAT)]).toEqual([id, id]);
    expect(shmget(k, KEY, PAGE, IPC_CREAT | IPC_EXCL)).toBe(-17);
    expect(shmget(k, KEY, 5 * PAGE + 1, 0)).toBe(-22);
    expect(shmget(k, IPC_PRIVATE, PAGE, 0)).not.toBe(shmget(k, IPC_PRIVATE, PAGE, 0));
    expect(committedPages(k)).toBe(7);
    sound();
  });

  test("an identifier is the place of the segment plus 32768 for each one made before", () => {
    expect([shmget(k, 1, 1, IPC_CREAT), shmget(k, 2, 1, IPC_CREAT), shmget(k, 3, 1, IPC_CREAT)]).toEqual([
      0, 32769, 65538,
    ]);
    shmctl(k, 32769, "IPC_RMID");
    expect(shmget(k, 4, 1, IPC_CREAT)).toBe(3 * 32768 + 1);
    expect(findSegment(k, 32769)).toBe(0);
  });

  test("limits: size, number, pages of all", () => {
    expect([shmget(k, 1, 0, IPC_CREAT), shmget(k, 1, SHMMAX + 1, IPC_CREAT)]).toEqual([-22, -22]);
    expect([SHMMAX, SHMALL]).toEqual([32 * 2 ** 20, 2097152]);
    limit("shm_ctlmni", 2);
    expect([shmget(k, 1, 1, IPC_CREAT), shmget(k, 2, 1, IPC_CREAT), shmget(k, 3, 1, IPC_CREAT)]).toEqual([
      0, 32769, -28,
    ]);
    expect(committedPages(k)).toBe(2);
    limit("shm_tot", SHMALL - 1);
    expect(shmget(k, 4, 1, IPC_CREAT)).toBe(-28);
  });
});

describe("shmat", () => {
  test("what one process writes another reads, through one segment", () => {
    const id = shmget(k, KEY, 2 * PAGE, IPC_CREAT);
    const at = shmat(k, id, 0, 0);
    expect(at).toBeGreaterThan(0);
    access(k, task, at + PAGE, "write", 42);
    const child = doFork(k, task, 0);
    expect(attached(id)).toBe(2);
    switchTo(k, child);
    const second = shmat(k, id, AT, SHM_RDONLY);
    expect(second).toBe(AT);
    expect([access(k, child, AT + PAGE, "read").value, attached(id)]).toEqual([42, 3]);
    sound();
    expect(access(k, child, AT, "write", 1)).toMatchObject({ end: "killed", signal: 11 });
    expect(attached(id)).toBe(1);
    sound();
  });

  test("crooked addresses are rounded down or refused; nothing is mapped over", () => {
    const id = shmget(k, KEY, 2 * PAGE, IPC_CREAT);
    expect(shmat(k, id, AT + 5, 0)).toBe(-22);
    expect(shmat(k, id, AT + 5, SHM_RND)).toBe(AT);
    expect(shmat(k, id, AT + PAGE, 0)).toBe(-22);
    expect(shmat(k, id, AT + PAGE, SHM_REMAP)).toBe(AT + PAGE);
    expect(shmat(k, id, 0, SHM_REMAP)).toBe(-22);
    expect(shmat(k, id + 1, 0, 0)).toBe(-22);
    expect(attached(id)).toBe(2);
    sound();
  });
});

describe("shmdt and removal", () => {
  test("the segment goes with its last user once it was removed; its key goes at once", () => {
    const id = shmget(k, KEY, 3 * PAGE, IPC_CREAT);
    shmat(k, id, AT, 0);
    const child = doFork(k, task, 0);
    expect(shmctl(k, id, "IPC_RMID")).toBe(0);
    expect(shmget(k, KEY, PAGE, 0)).toBe(-2);
    expect(shmdt(k, AT)).toBe(0);
    expect(findSegment(k, id)).not.toBe(0);
    sound();
    doExit(k, child, 0);
    expect([findSegment(k, id), committedPages(k)]).toEqual([0, 0]);
    sound();
  });

  test("a part that was unmapped before makes no difference", () => {
    const id = shmget(k, KEY, 5 * PAGE, IPC_CREAT);
    shmat(k, id, AT, 0);
    doMunmap(k, getTask(k.memory.u32, task, "mm"), AT + 2 * PAGE, PAGE);
    expect(attached(id)).toBe(2);
    expect(shmdt(k, AT)).toBe(0);
    expect(attached(id)).toBe(0);
    expect(shmdt(k, AT)).toBe(-22);
    sound();
  });

  test("a segment without users is destroyed at once; an unknown one is refused", () => {
    const id = shmget(k, KEY, PAGE, IPC_CREAT);
    expect([shmctl(k, id, "SHM_LOCK"), shmctl(k, id, "SHM_UNLOCK"), shmctl(k, id, "IPC_RMID")]).toEqual([0, 0, 0]);
    expect(shmctl(k, id, "IPC_RMID")).toBe(-22);
    sound();
  });
});
