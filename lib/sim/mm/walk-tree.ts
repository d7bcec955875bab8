// Walking a red-black tree of areas whose bytes somebody may have damaged, and judging its colours.
// Theory:     in order, a sound tree gives the list. Every node is visited at most once, as the walk stops at the first node that was
//             seen before, so it ends.
// Source:     derived from Linux 2.6.11 lib/rbtree.c
import type { Finding } from "../finding";
import { canHold } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { rbNode } from "../structs-mm";
import { DEEPEST } from "./find-vma";
import type { VmaTreeNode } from "./observe";
import { RB_BLACK, RB_COLOR, RB_LEFT, RB_PARENT, RB_RED, RB_RIGHT } from "./rbtree";
import { getMm, getVma, VM_RB } from "./vma";

export interface WalkedTree {
  readonly root: VmaTreeNode | null;
  /** Areas in order, as far as the walk came. */
  readonly inOrder: readonly Addr[];
  readonly findings: readonly Finding[];
}

/** The tree of an address space. Never throws. */
export function walkVmaTree(k: Kernel, mm: Addr): WalkedTree {
  const w = k.memory.u32;
  const findings: Finding[] = [];
  const inOrder: Addr[] = [];
  const seen = new Set<Addr>();

  /** @returns the subtree and its black height; height -1 if it is not sound. */
  const walk = (node: Addr, parent: Addr, depth: number): { tree: VmaTreeNode | null; height: number } => {
    if (node === 0) return { tree: null, height: 0 };
    const vma = node - VM_RB;
    if (depth > DEEPEST || seen.has(node) || !canHold(k, node, rbNode.size) || vma <= 0) {
      findings.push({ rule: "vma-tree-link", args: { mm, address: node } });
      return { tree: null, height: -1 };
    }
    seen.add(node);
    const at = node >>> 2;
    const color = w[at + RB_COLOR]!;
    const start = getVma(w, vma, "vm_start");
    if (w[at + RB_PARENT] !== parent) findings.push({ rule: "vma-tree-parent", args: { mm, start } });
    if (color !== RB_RED && color !== RB_BLACK) findings.push({ rule: "vma-tree-colour", args: { mm, start, color } });
    if (color === RB_RED && (parent === 0 || w[(parent >>> 2) + RB_COLOR] === RB_RED))
      findings.push({ rule: "vma-tree-red", args: { mm, start } });
    const left = walk(w[at + RB_LEFT]!, node, depth + 1);
    inOrder.push(vma);
    const right = walk(w[at + RB_RIGHT]!, node, depth + 1);
    const sound = left.height >= 0 && right.height >= 0;
    if (sound && left.height !== right.height)
      findings.push({ rule: "vma-tree-black", args: { mm, start, left: left.height, right: right.height } });
    const tree = { start, color: color === RB_BLACK ? "black" : "red", left: left.tree, right: right.tree } as const;
    return { tree, height: sound ? left.height + (color === RB_BLACK ? 1 : 0) : -1 };
  };

  const { tree } = walk(getMm(w, mm, "mm_rb") ?? 0, 0, 1);
  return { root: tree, inOrder, findings };
}
