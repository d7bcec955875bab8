// Bounded walks over the lists of inodes.
import type { Finding } from "../finding";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { inode } from "../structs-mm";
import { cacheVar } from "./cache-data";

export const inodeListRule = "inode-list";
export type InodeList = "inodes" | "inode_unused" | "s_dirty" | "s_io";

const LINKS = {
  inodes: inode.offset.i_list,
  inode_unused: inode.offset.i_lru,
  s_dirty: inode.offset.i_dirty,
  s_io: inode.offset.i_dirty,
} as const;

/** Addresses of the inodes on a list, head first, up to the first link that leads nowhere or back. */
export function walkInodes(k: Kernel, list: InodeList, findings: Finding[]): Addr[] {
  const head = cacheVar(k, list);
  const w = k.memory.u32;
  const found = new Set<Addr>();
  let previous = head;
  for (let at = w[head >>> 2]!; at !== head; at = w[at >>> 2]!) {
    const host = at - LINKS[list];
    const wild = host < k.contents || host + inode.size > k.memory.byteLength || at % 4 !== 0;
    if (wild || found.has(host) || w[(at >>> 2) + 1] !== previous) {
      findings.push({ rule: inodeListRule, args: { list, address: at } });
      return [...found];
    }
    found.add(host);
    previous = at;
  }
  if (w[(head >>> 2) + 1] !== previous) findings.push({ rule: inodeListRule, args: { list, address: head } });
  return [...found];
}
