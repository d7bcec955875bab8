// A red-black tree whose nodes lie inside the structures they order.
// Theory:     a binary search tree with coloured nodes: the root is black, a red node has no red child, and every way down from a node
//             to a missing child passes equally many black nodes. So the longest way is at most twice the shortest, and finding one
//             of n areas takes at most 2 log2(n+1) steps. Insertion and removal repair the colours with at most three rotations.
// Source:     Linux 2.6.11 lib/rbtree.c (rb_insert_color, rb_erase, rb_first, rb_next), linux/rbtree.h (rb_link_node)
// Simplified: the colour is a word of its own.
//
// The tree knows no keys: the caller walks down, links the new node below a parent, and asks for the colours to be repaired.
// `root` is the address of the word that holds the top node; a node is the address of its rb_node; 0 is none.
import type { Addr } from "../machine";

type Words = Uint32Array;

export const RB_RED = 0;
export const RB_BLACK = 1;
/** Words of an rb_node. */
export const RB_PARENT = 0;
export const RB_LEFT = 1;
export const RB_RIGHT = 2;
export const RB_COLOR = 3;
type Side = typeof RB_LEFT | typeof RB_RIGHT;

function colorOf(w: Words, node: Addr): number {
  return node === 0 ? RB_BLACK : w[(node >>> 2) + RB_COLOR]!;
}

function paint(w: Words, node: Addr, color: number): void {
  if (node !== 0) w[(node >>> 2) + RB_COLOR] = color;
}

/** Makes `node` a red leaf. `link` is the address of the child word of `parent` (or of the root) that leads to it. */
export function rbLinkNode(w: Words, node: Addr, parent: Addr, link: Addr): void {
  w[(node >>> 2) + RB_PARENT] = parent;
  w[(node >>> 2) + RB_LEFT] = 0;
  w[(node >>> 2) + RB_RIGHT] = 0;
  w[(node >>> 2) + RB_COLOR] = RB_RED;
  w[link >>> 2] = node;
}

/** Lets `next` take the place of `node` below its parent. */
function replaceChild(w: Words, root: Addr, node: Addr, next: Addr): void {
  const parent = w[(node >>> 2) + RB_PARENT]!;
  if (next !== 0) w[(next >>> 2) + RB_PARENT] = parent;
  if (parent === 0) w[root >>> 2] = next;
  else if (w[(parent >>> 2) + RB_LEFT] === node) w[(parent >>> 2) + RB_LEFT] = next;
  else w[(parent >>> 2) + RB_RIGHT] = next;
}

/** The child on the other side comes up, `node` goes down to `side`. */
function rotate(w: Words, root: Addr, node: Addr, side: Side): void {
  const other = side === RB_LEFT ? RB_RIGHT : RB_LEFT;
  const child = w[(node >>> 2) + other]!;
  const inner = w[(child >>> 2) + side]!;
  w[(node >>> 2) + other] = inner;
  if (inner !== 0) w[(inner >>> 2) + RB_PARENT] = node;
  replaceChild(w, root, node, child);
  w[(child >>> 2) + side] = node;
  w[(node >>> 2) + RB_PARENT] = child;
}

/** Repairs the colours after `rbLinkNode`. */
export function rbInsertColor(w: Words, root: Addr, inserted: Addr): void {
  let node = inserted;
  for (;;) {
    const parent = w[(node >>> 2) + RB_PARENT]!;
    if (colorOf(w, parent) === RB_BLACK) break;
    const grandparent = w[(parent >>> 2) + RB_PARENT]!;
    const side: Side = w[(grandparent >>> 2) + RB_LEFT] === parent ? RB_LEFT : RB_RIGHT;
    const other: Side = side === RB_LEFT ? RB_RIGHT : RB_LEFT;
    const uncle = w[(grandparent >>> 2) + other]!;
    if (colorOf(w, uncle) === RB_RED) {
      paint(w, uncle, RB_BLACK);
      paint(w, parent, RB_BLACK);
      paint(w, grandparent, RB_RED);
      node = grandparent;
      continue;
    }
    if (w[(parent >>> 2) + other] === node) {
      rotate(w, root, parent, side);
      node = parent;
    }
    paint(w, w[(node >>> 2) + RB_PARENT]!, RB_BLACK);
    paint(w, grandparent, RB_RED);
    rotate(w, root, grandparent, other);
    break;
  }
  paint(w, w[root >>> 2]!, RB_BLACK);
}

/** Takes the node out; one with two children is replaced by the next one in order. */
export function rbErase(w: Words, root: Addr, node: Addr): void {
  const left = w[(node >>> 2) + RB_LEFT]!;
  const right = w[(node >>> 2) + RB_RIGHT]!;
  if (left === 0 || right === 0) {
    const child = left === 0 ? right : left;
    const parent = w[(node >>> 2) + RB_PARENT]!;
    replaceChild(w, root, node, child);
    if (colorOf(w, node) === RB_BLACK) eraseColor(w, root, child, parent);
    return;
  }
  let next = right;
  while (w[(next >>> 2) + RB_LEFT] !== 0) next = w[(next >>> 2) + RB_LEFT]!;
  const color = colorOf(w, next);
  const child = w[(next >>> 2) + RB_RIGHT]!;
  let parent = w[(next >>> 2) + RB_PARENT]!;
  if (parent === node) {
    parent = next;
  } else {
    w[(parent >>> 2) + RB_LEFT] = child;
    if (child !== 0) w[(child >>> 2) + RB_PARENT] = parent;
    w[(next >>> 2) + RB_RIGHT] = right;
    w[(right >>> 2) + RB_PARENT] = next;
  }
  replaceChild(w, root, node, next);
  w[(next >>> 2) + RB_LEFT] = left;
  w[(left >>> 2) + RB_PARENT] = next;
  w[(next >>> 2) + RB_COLOR] = w[(node >>> 2) + RB_COLOR]!;
  if (color === RB_BLACK) eraseColor(w, root, child, parent);
}

/** One black node is missing on every way through `start`, a child of `above`. */
function eraseColor(w: Words, root: Addr, start: Addr, above: Addr): void {
  let node = start;
  let parent = above;
  while (parent !== 0 && colorOf(w, node) === RB_BLACK) {
    const side: Side = w[(parent >>> 2) + RB_LEFT] === node ? RB_LEFT : RB_RIGHT;
    const other: Side = side === RB_LEFT ? RB_RIGHT : RB_LEFT;
    let sibling = w[(parent >>> 2) + other]!;
    if (colorOf(w, sibling) === RB_RED) {
      paint(w, sibling, RB_BLACK);
      paint(w, parent, RB_RED);
      rotate(w, root, parent, side);
      sibling = w[(parent >>> 2) + other]!;
    }
    const near = w[(sibling >>> 2) + side]!;
    const far = w[(sibling >>> 2) + other]!;
    if (colorOf(w, near) === RB_BLACK && colorOf(w, far) === RB_BLACK) {
      paint(w, sibling, RB_RED);
      node = parent;
      parent = w[(node >>> 2) + RB_PARENT]!;
      continue;
    }
    if (colorOf(w, far) === RB_BLACK) {
      paint(w, near, RB_BLACK);
      paint(w, sibling, RB_RED);
      rotate(w, root, sibling, other);
      sibling = w[(parent >>> 2) + other]!;
    }
    paint(w, sibling, colorOf(w, parent));
    paint(w, parent, RB_BLACK);
    paint(w, w[(sibling >>> 2) + other]!, RB_BLACK);
    rotate(w, root, parent, side);
    node = w[root >>> 2]!;
    break;
  }
  paint(w, node, RB_BLACK);
}
