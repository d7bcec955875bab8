// What is always true of TLB and page tables between two operations of the kernel. Source: domain 6.7.
// Theory: a TLB entry may grant less than the tables (it is found out by a spurious fault), never more. After an operation is done, so
//         are its flushes; a check between a change and its flush would report what is about to be repaired.
import type { Finding } from "../finding";
import { PAGE_OFFSET } from "../frames";
import type { Kernel } from "../kernel";
import { currentAsid, mmuAddr } from "./cpu";
import { tlbArrays, walkQuietly } from "./observe-mmu";
import { type TlbEntryView, tlbEntries } from "./tlb";
import { TLB_DIRTY, TLB_GLOBAL, TLB_RW, TLB_US } from "./tlb-structs";
import { newWalk, type Walk } from "./walk";

/** Every broken rule with its place. Never throws; at most one walk for each entry of the TLB and of the kernel's directory. */
export function checkMmu(k: Kernel): Finding[] {
  const findings: Finding[] = [];
  const cr3 = k.memory.u32[mmuAddr(k, "cr3") >>> 2]!;
  const found = newWalk();
  for (const { name, array, pageShift } of tlbArrays(k)) {
    const met = new Set<number>();
    for (const entry of tlbEntries(k.memory.u32, array)) {
      const { vpn, set, asid, flags } = entry;
      const ownKey = (flags & TLB_GLOBAL) !== 0 ? vpn : vpn + (asid + 1) * 2 ** 36;
      if (met.has(ownKey)) findings.push({ rule: "tlb-twice", args: { array: name, vpn, set } });
      met.add(ownKey);
      // The tables of another address space are not the ones that are loaded.
      if (asid !== currentAsid(k) && (flags & TLB_GLOBAL) === 0) continue;
      walkQuietly(k, cr3, (vpn * 2 ** pageShift) >>> 0, found);
      checkEntry(entry, name, found, findings);
    }
  }
  if (cr3 !== 0) checkKernelHalf(k, cr3, found, findings);
  return findings;
}

function checkEntry(entry: TlbEntryView, array: string, found: Walk, findings: Finding[]): void {
  const { vpn, pfn, flags } = entry;
  if (found.error !== -1 || Math.floor(found.paddr / 4096) !== pfn) {
    findings.push({ rule: "tlb-stale", args: { array, vpn, pfn } });
    return;
  }
  const more = ((flags & TLB_US) !== 0 && !found.user) || ((flags & TLB_RW) !== 0 && !found.write);
  if (more) findings.push({ rule: "tlb-rights", args: { array, vpn } });
  if ((flags & TLB_DIRTY) !== 0 && !found.dirty) findings.push({ rule: "tlb-dirty", args: { array, vpn } });
}

/** No kernel address may be open to users: looked at once for each 4 MiB (PAE: 2 MiB), and for each page of the last one. */
function checkKernelHalf(k: Kernel, cr3: number, found: Walk, findings: Finding[]): void {
  const step = 2 ** k.cpu.largeShift;
  const look = (address: number) => {
    if (walkQuietly(k, cr3, address, found).error === -1 && found.user)
      findings.push({ rule: "user-reaches-kernel", args: { address } });
  };
  for (let address = PAGE_OFFSET; address < 2 ** 32; address += step) look(address);
  for (let address = 2 ** 32 - step; address < 2 ** 32; address += 4096) look(address);
}
