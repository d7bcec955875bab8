// oom_badness.json: the kernel's own badness() for random tasks.
import { HZ } from "@/lib/sim/constants";
import { type BadnessProfile, type BadnessTask, badness } from "@/lib/sim/oom/badness";
import { type CaseOutcome, integer, type Json, list, record } from "./data-set";

/** Columns of expected points. The rules of 2.6.20 are those of the 2.6.18 profile: children count half their size and one page. */
const columns: readonly (readonly [column: string, profile: BadnessProfile])[] = [
  ["badness_2.6.11", "2.6.11"],
  ["badness_2.6.18", "2.6.18"],
  ["badness_2.6.20", "2.6.18"],
];

export function* oomBadness(data: Json): Iterable<CaseOutcome> {
  for (const [index, item] of list(record(data, "file").cases, "cases").entries()) {
    const name = `case ${index}`;
    const row = record(item, name);
    const task = taskOf(row, name);
    const uptime = integer(row.uptime_sec, `${name}.uptime_sec`);
    const known = columns.filter(([column]) => column in row);
    if (known.length === 0)
      yield { name, difference: null, skipped: "points of another kernel than 2.6.11 and 2.6.18" };
    for (const [column, profile] of known) {
      const expected = integer(row[column], `${name}.${column}`);
      const actual = badness(task, uptime, HZ, profile);
      yield { name, difference: actual === expected ? null : { at: column, expected, actual } };
    }
  }
}

function taskOf(row: { [key: string]: Json }, name: string): BadnessTask {
  const number = (field: string) => integer(row[field], `${name}.${field}`);
  const children = list(row.children, `${name}.children`).map((child, index) =>
    child === null || child === "shared" ? child : integer(child, `${name}.children[${index}]`),
  );
  return {
    totalVm: row.total_vm === null ? null : number("total_vm"),
    children,
    utime: number("utime_jiffies"),
    stime: number("stime_jiffies"),
    startTime: number("start_sec"),
    nice: number("nice"),
    uid: number("uid"),
    euid: number("euid"),
    capSysAdmin: number("cap_sys_admin") !== 0,
    capSysRawio: number("cap_sys_rawio") !== 0,
    oomkilladj: number("oomkilladj"),
  };
}
