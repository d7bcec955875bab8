// Doubly linked circular lists whose links lie inside the structures they connect.
// Theory:     a list is an anchor (`list_head`) whose `next` is the first and `prev` the last entry; an empty anchor points to
//             itself. Every operation touches at most three list_heads, so all cost the same however long the list is.
// Source:     Linux 2.6.11 linux/list.h (INIT_LIST_HEAD, list_add, list_add_tail, list_del, list_empty)
// Simplified: list_del leaves NULL links, not the poison addresses, which could be real addresses in a memory this small.
//
// All functions take the word view of the memory. Links that leave the window are harmless: a typed array ignores the write.

type Words = Uint32Array;

export function listInit(w: Words, head: number): void {
  w[head >>> 2] = head;
  w[(head >>> 2) + 1] = head;
}

export function listEmpty(w: Words, head: number): boolean {
  return w[head >>> 2] === head;
}

/** Inserts right after the anchor: the new first entry. */
export function listAdd(w: Words, entry: number, head: number): void {
  const next = w[head >>> 2]!;
  w[(next >>> 2) + 1] = entry;
  w[entry >>> 2] = next;
  w[(entry >>> 2) + 1] = head;
  w[head >>> 2] = entry;
}

/** Inserts right before the anchor: the new last entry. */
export function listAddTail(w: Words, entry: number, head: number): void {
  const prev = w[(head >>> 2) + 1]!;
  w[(head >>> 2) + 1] = entry;
  w[entry >>> 2] = head;
  w[(entry >>> 2) + 1] = prev;
  w[prev >>> 2] = entry;
}

/** Takes the entry out of whatever list it is on. */
export function listDel(w: Words, entry: number): void {
  const next = w[entry >>> 2]!;
  const prev = w[(entry >>> 2) + 1]!;
  w[(next >>> 2) + 1] = prev;
  w[prev >>> 2] = next;
  w[entry >>> 2] = 0;
  w[(entry >>> 2) + 1] = 0;
}
