// The tree that finds a page by its index in a file, and all pages with a mark.
// Theory:     each node has 64 slots and takes 6 bits of the index; the tree is as high as its largest index needs. Two marks (tags),
//             dirty and under writeback, are kept as one bit a slot: set in a node if any page below carries it, so a search for
//             marked pages skips every subtree without one.
//                 height 2:  root[index >> 6] --> node[index & 63] --> page          indices 0..4095
// Source:     Linux 2.6.11 lib/radix-tree.c (radix_tree_insert, radix_tree_extend, radix_tree_lookup, radix_tree_delete,
//             radix_tree_tag_set, radix_tree_tag_clear, radix_tree_preload, __lookup_tag); Gorman 10.2 ("What's new in 2.6")
// Simplified: a tree stays as high as it once was until it is empty, as in this version. New nodes come from the preloaded ones
//             first, not only when the slab has none.
import { EEXIST, ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { freeObject, newObject } from "../objects";
import { addressSpace, radixTreeNode } from "../structs-mm";
import { cacheVar } from "./cache-data";
import { RADIX_TREE_MAX_PATH } from "./structs";

const MAP_SHIFT = 6;
const MAP_SIZE = 64;
const COUNT = radixTreeNode.offset.count >>> 2;
const SLOTS = radixTreeNode.offset.slots >>> 2;
const ROOT = addressSpace.offset.rnode >>> 2;
const HEIGHT = addressSpace.offset.height >>> 2;

/** Marks, as the word of their mask in a node. */
export const TAG_DIRTY = radixTreeNode.offset.dirty >>> 2;
export const TAG_WRITEBACK = radixTreeNode.offset.writeback >>> 2;
export type Tag = typeof TAG_DIRTY | typeof TAG_WRITEBACK;
const tags: readonly Tag[] = [TAG_DIRTY, TAG_WRITEBACK];

/** The page at that index, 0 if there is none. Takes no reference. */
export function radixTreeLookup(k: Kernel, mapping: Addr, index: number): Addr {
  const w = k.memory.u32;
  let height = w[(mapping >>> 2) + HEIGHT]!;
  let node = w[(mapping >>> 2) + ROOT]!;
  if (index > maxIndex(height) || height > RADIX_TREE_MAX_PATH) return 0;
  for (; height > 0 && node !== 0; height--) node = w[(node >>> 2) + SLOTS + slotAt(index, height)]!;
  return node;
}

/** @returns 0; -EEXIST if the index is taken; -ENOMEM if there is no memory for nodes. */
export function radixTreeInsert(k: Kernel, mapping: Addr, index: number, page: Addr): number {
  if (!preload(k, mapping, index)) return -ENOMEM;
  const w = k.memory.u32;
  const root = (mapping >>> 2) + ROOT;
  if (w[root] === 0 || index > maxIndex(w[root - ROOT + HEIGHT]!)) extend(k, mapping, index);
  let link = root;
  let node = 0;
  for (let height = w[root - ROOT + HEIGHT]!; height > 0; height--) {
    if (w[link] === 0) {
      w[link] = takeNode(k);
      if (node !== 0) w[(node >>> 2) + COUNT]! += 1;
    }
    node = w[link]!;
    link = (node >>> 2) + SLOTS + slotAt(index, height);
  }
  if (w[link] !== 0) return -EEXIST;
  w[link] = page;
  w[(node >>> 2) + COUNT]! += 1;
  return 0;
}

/** Takes the page at that index out, with its tags and the nodes that become empty. @returns it, or 0. */
export function radixTreeDelete(k: Kernel, mapping: Addr, index: number): Addr {
  const path = pathTo(k, mapping, index);
  if (path === null) return 0;
  for (const tag of tags) clearAlong(k, path, tag, index);
  const w = k.memory.u32;
  const page = w[(path.at(-1)! >>> 2) + SLOTS + (index & (MAP_SIZE - 1))]!;
  for (let level = path.length - 1; level >= 0; level--) {
    const node = path[level]!;
    w[(node >>> 2) + SLOTS + slotAt(index, path.length - level)] = 0;
    w[(node >>> 2) + COUNT]! -= 1;
    if (w[(node >>> 2) + COUNT] !== 0) return page;
    freeObject(k, "radix_tree_node", node);
  }
  w[(mapping >>> 2) + ROOT] = 0;
  w[(mapping >>> 2) + HEIGHT] = 0;
  return page;
}

/** Marks the page at that index, and the way to it; nothing happens if there is none. */
export function radixTreeTagSet(k: Kernel, mapping: Addr, index: number, tag: Tag): void {
  const path = pathTo(k, mapping, index) ?? [];
  for (const [level, node] of path.entries()) setBit(k, node, tag, slotAt(index, path.length - level));
}

export function radixTreeTagClear(k: Kernel, mapping: Addr, index: number, tag: Tag): void {
  const path = pathTo(k, mapping, index);
  if (path !== null) clearAlong(k, path, tag, index);
}

/** Any page of the tree carries the tag. */
export function radixTreeTagged(k: Kernel, mapping: Addr, tag: Tag): boolean {
  const root = k.memory.u32[(mapping >>> 2) + ROOT]!;
  return root !== 0 && anyTag(k, root, tag);
}

/** Up to `most` pages from index `first` on, ascending; with a tag only those that carry it. */
export function radixTreeGangLookup(k: Kernel, mapping: Addr, first: number, most: number, tag: Tag | null): Addr[] {
  const found: Addr[] = [];
  const height = k.memory.u32[(mapping >>> 2) + HEIGHT]!;
  const root = k.memory.u32[(mapping >>> 2) + ROOT]!;
  if (root !== 0 && first <= maxIndex(height) && height <= RADIX_TREE_MAX_PATH)
    gather(k, root, height, first, most, tag, found);
  return found;
}

function gather(k: Kernel, node: Addr, height: number, first: number, most: number, tag: Tag | null, found: Addr[]) {
  const w = k.memory.u32;
  const start = slotAt(first, height);
  for (let slot = start; slot < MAP_SIZE && found.length < most; slot++) {
    const child = w[(node >>> 2) + SLOTS + slot]!;
    if (child === 0 || (tag !== null && !hasBit(k, node, tag, slot))) continue;
    if (height === 1) found.push(child);
    else gather(k, child, height - 1, slot === start ? first : 0, most, tag, found);
  }
}

/** Nodes from the root down to the one that holds the page; null if there is no page. */
function pathTo(k: Kernel, mapping: Addr, index: number): Addr[] | null {
  const w = k.memory.u32;
  const path: Addr[] = [];
  let height = w[(mapping >>> 2) + HEIGHT]!;
  let node = w[(mapping >>> 2) + ROOT]!;
  if (index > maxIndex(height) || height > RADIX_TREE_MAX_PATH) return null;
  for (; height > 0; height--) {
    if (node === 0) return null;
    path.push(node);
    node = w[(node >>> 2) + SLOTS + slotAt(index, height)]!;
  }
  return node === 0 ? null : path;
}

/** Adds levels above the root until the index fits. An empty tree just gets its height. */
function extend(k: Kernel, mapping: Addr, index: number): void {
  const w = k.memory.u32;
  const at = mapping >>> 2;
  let height = w[at + HEIGHT]! + 1;
  while (index > maxIndex(height)) height++;
  if (w[at + ROOT] === 0) w[at + HEIGHT] = height;
  while (w[at + HEIGHT]! < height) {
    const node = takeNode(k);
    const old = w[at + ROOT]!;
    w[(node >>> 2) + SLOTS] = old;
    w[(node >>> 2) + COUNT] = 1;
    for (const tag of tags) if (anyTag(k, old, tag)) setBit(k, node, tag, 0);
    w[at + ROOT] = node;
    w[at + HEIGHT]! += 1;
  }
}

/** Clears the tag at the page, and upward as long as nothing else below carries it. */
function clearAlong(k: Kernel, path: readonly Addr[], tag: Tag, index: number): void {
  for (let level = path.length - 1; level >= 0; level--) {
    const node = path[level]!;
    const slot = slotAt(index, path.length - level);
    k.memory.u32[(node >>> 2) + tag + (slot >>> 5)]! &= ~(1 << (slot & 31));
    if (anyTag(k, node, tag)) return;
  }
}

/** Fills the stock of nodes. Taking one may start reclaim, which may use the stock itself. @returns whether it is full. */
function preload(k: Kernel, mapping: Addr, index: number): boolean {
  const stock = cacheVar(k, "preload") >>> 2;
  while (k.memory.u32[stock]! < nodesFor(k, mapping, index)) {
    const node = newObject(k, "radix_tree_node");
    if (node === 0) return false;
    const w = k.memory.u32;
    if (w[stock]! >= nodesFor(k, mapping, index)) {
      freeObject(k, "radix_tree_node", node);
      return true;
    }
    w[stock + 1 + w[stock]!] = node;
    w[stock]! += 1;
  }
  return true;
}

/** As many nodes as an insertion may need, and always a full path's worth. */
function nodesFor(k: Kernel, mapping: Addr, index: number): number {
  const height = k.memory.u32[(mapping >>> 2) + HEIGHT]!;
  let wanted = Math.max(height, 1);
  while (index > maxIndex(wanted)) wanted++;
  return Math.max(RADIX_TREE_MAX_PATH, wanted - height + wanted - 1);
}

function takeNode(k: Kernel): Addr {
  const w = k.memory.u32;
  const stock = cacheVar(k, "preload") >>> 2;
  w[stock]! -= 1;
  const node = w[stock + 1 + w[stock]!]!;
  w.fill(0, node >>> 2, (node + radixTreeNode.size) >>> 2);
  return node;
}

function slotAt(index: number, height: number): number {
  return (index >>> ((height - 1) * MAP_SHIFT)) & (MAP_SIZE - 1);
}

function maxIndex(height: number): number {
  return height >= RADIX_TREE_MAX_PATH ? 0xffffffff : 2 ** (height * MAP_SHIFT) - 1;
}

function anyTag(k: Kernel, node: Addr, tag: Tag): boolean {
  const w = k.memory.u32;
  return (w[(node >>> 2) + tag]! | w[(node >>> 2) + tag + 1]!) !== 0;
}

function setBit(k: Kernel, node: Addr, tag: Tag, slot: number): void {
  k.memory.u32[(node >>> 2) + tag + (slot >>> 5)]! |= 1 << (slot & 31);
}

function hasBit(k: Kernel, node: Addr, tag: Tag, slot: number): boolean {
  return (k.memory.u32[(node >>> 2) + tag + (slot >>> 5)]! & (1 << (slot & 31))) !== 0;
}
