// What must hold between tmpfs files, their tables, their mounts and System V segments after every operation.
// Source: domain 12; Linux 2.6.11 mm/shmem.c (what the counters of shmem_inode_info say), ipc/shm.c
import { radixTreeLookup } from "../cache/radix-tree";
import { RADIX_TREE_MAX_PATH } from "../cache/structs";
import { addressSpaces } from "../fault/user-entries";
import type { Finding } from "../finding";
import { canHold } from "../frames";
import { type Kernel, vmOpsIndex } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { getVma } from "../mm/vma";
import { walkVmas } from "../mm/walk-vmas";
import { addressSpace, file as fileStruct, inode as inodeStruct } from "../structs-mm";
import { BLOCKS_PER_PAGE, infoAt, inoOf, mappingOf, pagesOf } from "./info";
import { shmemData, shmemInodeInfo, shmemSbInfo, shmidKernel } from "./structs";
import { segments } from "./sysv";
import { type FileTable, readTable, type TmpfsFile, tmpfsFiles } from "./walk-files";

const MOST = 20;
const SWAPLIST = shmemInodeInfo.offset.swaplist;

/** Every rule that is broken; empty when all is well. Linear in files, tables and areas; never throws. */
export function checkShmem(k: Kernel): Finding[] {
  const findings: Finding[] = [];
  const charged = new Map<Addr, number>();
  for (const file of tmpfsFiles(k)) {
    const table = readTable(k, file.info);
    checkFile(k, file, table, findings);
    const sbinfo = k.memory.u32[infoAt(file.info, "sbinfo")]!;
    const pages = k.memory.u32[infoAt(file.info, "alloced")]! + table.indexPages;
    if (sbinfo !== 0) charged.set(sbinfo, (charged.get(sbinfo) ?? 0) + pages);
  }
  for (const [sbinfo, counted] of charged) {
    if (!canHold(k, sbinfo, shmemSbInfo.size)) continue;
    const read = (name: keyof typeof shmemSbInfo.fields) => k.memory.u32[(sbinfo + shmemSbInfo.offset[name]) >>> 2]!;
    const stored = read("max_blocks") - read("free_blocks");
    if (stored !== counted) findings.push({ rule: "shmem-mount-blocks", args: { stored, counted } });
  }
  checkSegments(k, findings);
  return findings;
}

function checkFile(k: Kernel, { inode, info }: TmpfsFile, table: FileTable, findings: Finding[]): void {
  const w = k.memory.u32;
  const ino = inoOf(k, inode);
  const field = (name: Parameters<typeof infoAt>[1]) => w[infoAt(info, name)]!;
  const mapping = mappingOf(inode);
  const nrpages = w[(mapping + addressSpace.offset.nrpages) >>> 2]!;
  if (field("swapped") !== table.entries.length)
    findings.push({ rule: "shmem-swapped", args: { ino, stored: field("swapped"), counted: table.entries.length } });
  if (field("alloced") < field("swapped") + nrpages)
    findings.push({
      rule: "shmem-alloced",
      args: { ino, stored: field("alloced"), least: field("swapped") + nrpages },
    });
  for (const { pfn, used, stored } of table.tables)
    if (used !== stored) findings.push({ rule: "shmem-table-count", args: { ino, pfn, stored, counted: used } });
  const last = table.entries.at(-1)?.index ?? -1;
  if (last >= field("next_index"))
    findings.push({ rule: "shmem-next-index", args: { ino, index: last, stored: field("next_index") } });
  if (table.entries.length > 0 && w[(info + SWAPLIST) >>> 2] === info + SWAPLIST)
    findings.push({ rule: "shmem-unlisted", args: { ino } });
  const blocks = (field("alloced") + table.indexPages) * BLOCKS_PER_PAGE;
  if (field("sbinfo") !== 0 && field("i_blocks") !== blocks)
    findings.push({ rule: "shmem-blocks", args: { ino, stored: field("i_blocks"), counted: blocks } });
  if (w[(mapping + addressSpace.offset.height) >>> 2]! > RADIX_TREE_MAX_PATH) return;
  let told = 0;
  for (const { index } of table.entries) {
    if (told >= MOST || radixTreeLookup(k, mapping, index) === 0) continue;
    told++;
    findings.push({ rule: "shmem-twice", args: { ino, index } });
  }
}

function checkSegments(k: Kernel, findings: Finding[]): void {
  const w = k.memory.u32;
  const variable = (name: "shm_tot" | "in_use") =>
    w[(k.data + kernelData.offset.shmem + shmemData.offset[name]) >>> 2]!;
  const all = segments(k);
  const read = (shp: Addr, name: keyof typeof shmidKernel.fields) => w[(shp + shmidKernel.offset[name]) >>> 2]!;
  const attached = attachments(k);
  let pages = 0;
  for (const shp of all) {
    pages += pagesOf(read(shp, "shm_segsz"));
    const counted = attached.get(shp) ?? 0;
    const stored = read(shp, "shm_nattch");
    if (stored !== counted) findings.push({ rule: "shm-attached", args: { id: read(shp, "id"), stored, counted } });
  }
  if (variable("shm_tot") !== pages)
    findings.push({ rule: "shm-total", args: { stored: variable("shm_tot"), counted: pages } });
  if (variable("in_use") !== all.length)
    findings.push({ rule: "shm-in-use", args: { stored: variable("in_use"), counted: all.length } });
}

/** How many areas show each segment. */
function attachments(k: Kernel): Map<Addr, number> {
  const w = k.memory.u32;
  const found = new Map<Addr, number>();
  for (const mm of addressSpaces(k)) {
    for (const vma of walkVmas(k, mm)) {
      const file = getVma(w, vma, "vm_file");
      if (getVma(w, vma, "vm_ops") !== vmOpsIndex.shm || !canHold(k, file, fileStruct.size)) continue;
      const inode = w[(file + fileStruct.offset.f_inode) >>> 2]!;
      const info = canHold(k, inode, inodeStruct.size) ? w[(inode + inodeStruct.offset.i_private) >>> 2]! : 0;
      if (!canHold(k, info, shmemInodeInfo.size)) continue;
      const shp = w[infoAt(info, "shm")]!;
      found.set(shp, (found.get(shp) ?? 0) + 1);
    }
  }
  return found;
}
