// Results of system calls as people read them: -ENOMEM, 0xb7f6a000.
import * as errno from "@/lib/sim/errno";

/** The name of a negative result. */
export function errorName(result: number): string {
  const found = Object.entries(errno).find(([, value]) => value === -result);
  return found ? `-${found[0]}` : String(result);
}

export function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
