// A bounded walk over the tree of an address space whose bytes may be damaged.
// Theory:     every node is visited at most once a walk and lies where contents of frames lie, so a walk ends after as many steps as
//             contents can hold nodes. What stops it, or looks wrong on the way, is a finding.
import type { Finding } from "../finding";
import { isPage } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { addressSpace, radixTreeNode } from "../structs-mm";
import { TAG_DIRTY, TAG_WRITEBACK, type Tag } from "./radix-tree";
import { RADIX_TREE_MAX_PATH } from "./structs";

export const treeRules = {
  /** A link of the tree leads to no node. */
  link: "tree-link",
  /** A slot of the lowest level leads to no page. */
  page: "tree-page",
  /** `count` is not the number of slots in use. */
  count: "tree-count",
  /** A node's mark for a slot is not what lies below it. */
  tag: "tree-tag",
} as const;

export interface TreePage {
  readonly index: number;
  readonly page: Addr;
  /** The marks that the lowest node has for it. */
  readonly dirty: boolean;
  readonly writeback: boolean;
}

export interface TreeWalk {
  /** Ascending by index. */
  readonly pages: readonly TreePage[];
  readonly nodes: number;
}

const SLOTS = radixTreeNode.offset.slots >>> 2;
const tags = [
  [TAG_DIRTY, "dirty"],
  [TAG_WRITEBACK, "writeback"],
] as const;

interface Walk {
  readonly k: Kernel;
  readonly name: number;
  readonly visited: Set<Addr>;
  readonly pages: TreePage[];
  readonly findings: Finding[];
}

/** Everything in the tree of `mapping`; `name` stands for it in findings. Never throws, always ends. */
export function walkTree(k: Kernel, mapping: Addr, name: number, findings: Finding[]): TreeWalk {
  const height = k.memory.u32[(mapping + addressSpace.offset.height) >>> 2] ?? 0;
  const root = k.memory.u32[(mapping + addressSpace.offset.rnode) >>> 2] ?? 0;
  const walk: Walk = { k, name, visited: new Set(), pages: [], findings };
  if (root !== 0) {
    if (height < 1 || height > RADIX_TREE_MAX_PATH) report(walk, treeRules.link, 0, root);
    else walkNode(walk, root, height, 0);
  }
  return { pages: walk.pages, nodes: walk.visited.size };
}

/** @returns the marks that the level above must have. */
function walkNode(walk: Walk, node: Addr, height: number, first: number): Record<"dirty" | "writeback", boolean> {
  const w = walk.k.memory.u32;
  const below = { dirty: false, writeback: false };
  if (!isNode(walk.k, node) || walk.visited.has(node)) {
    report(walk, treeRules.link, first, node);
    return below;
  }
  walk.visited.add(node);
  let used = 0;
  for (let slot = 0; slot < 64; slot++) {
    const child = w[(node >>> 2) + SLOTS + slot]!;
    const marks = {
      dirty: marked(walk.k, node, TAG_DIRTY, slot),
      writeback: marked(walk.k, node, TAG_WRITEBACK, slot),
    };
    below.dirty ||= marks.dirty;
    below.writeback ||= marks.writeback;
    const index = first + slot * 64 ** (height - 1);
    let inside = { dirty: false, writeback: false };
    if (child !== 0) {
      used++;
      if (height > 1) inside = walkNode(walk, child, height - 1, index);
      else if (isPage(walk.k, child)) {
        walk.pages.push({ index, page: child, ...marks });
        continue;
      } else report(walk, treeRules.page, index, child);
    }
    for (const [, tag] of tags) if (marks[tag] !== inside[tag]) report(walk, treeRules.tag, index, child);
  }
  const stored = w[(node + radixTreeNode.offset.count) >>> 2]!;
  if (stored !== used)
    walk.findings.push({ rule: treeRules.count, args: { ino: walk.name, index: first, stored, counted: used } });
  return below;
}

function isNode(k: Kernel, address: Addr): boolean {
  const inside = address >= k.contents && address + radixTreeNode.size <= k.memory.byteLength;
  return inside && address % 4 === 0;
}

function marked(k: Kernel, node: Addr, tag: Tag, slot: number): boolean {
  return (k.memory.u32[(node >>> 2) + tag + (slot >>> 5)]! & (1 << (slot & 31))) !== 0;
}

function report(walk: Walk, rule: string, index: number, address: number): void {
  walk.findings.push({ rule, args: { ino: walk.name, index, address } });
}
