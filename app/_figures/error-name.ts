// Results of system calls as people read them: -ENOMEM.
import * as errno from "@/lib/sim/errno";

/** The name of a negative result; the number itself if it has none. */
export function errorName(result: number): string {
  const found = Object.entries(errno).find(([, value]) => value === -result);
  return found ? `-${found[0]}` : String(result);
}
