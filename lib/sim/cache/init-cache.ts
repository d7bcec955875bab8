// Brings files, the page cache and writeback to life.
import { aOpsIndex, type Kernel, vmOpsIndex } from "../kernel";
import { listInit } from "../list";
import { BLKDEV_MAX_RQ, congestionWait } from "./block-io";
import { cacheVar } from "./cache-data";
import { fput } from "./file";
import { fileAOps } from "./file-write";
import { fileVmOps } from "./filemap";
import { inodeShrinker } from "./inode";
import { initPageWriteback } from "./page-writeback";
import { requestQueue } from "./structs";

/** After the zones have their marks and zonelists. */
export function initCache(k: Kernel): void {
  for (const list of ["inodes", "inode_unused", "s_dirty", "s_io"] as const) listInit(k.memory.u32, cacheVar(k, list));
  k.memory.u32[(cacheVar(k, "queue") + requestQueue.offset.nr_requests) >>> 2] = BLKDEV_MAX_RQ;
  k.vmOps[vmOpsIndex.file] = fileVmOps;
  k.aOps[aOpsIndex.file] = fileAOps;
  k.ops.fput = fput;
  k.ops.congestionWait = congestionWait;
  k.shrinkers.push(inodeShrinker);
  initPageWriteback(k);
}
