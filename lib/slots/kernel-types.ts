// The declarations of the `kernel` library for the editor: what IntelliSense completes and explains. Generated like the library.
import { isArray } from "@/lib/sim/layout";
import { hostCalls, kernelConstants, type StructView, structViews, viewName } from "./kernel-views";

/** The text of `kernel.d.ts`. */
export function kernelTypes(): string {
  const declarations = [
    ...Object.values(structViews).map(interfaceText),
    extraTypes,
    ...constantTexts(),
    functionTypes,
    ...hostCalls.map(hostText),
  ];
  return `declare module "kernel" {\n${indent(declarations.join("\n\n"))}\n}\n`;
}

function interfaceText(view: StructView): string {
  const own =
    view.struct === structViews.page.struct
      ? ["/** Page frame number: physical address / 4096. */\nreadonly pfn: number;"]
      : [];
  const fields = view.fields.map((field) => {
    const type = view.struct.fields[field.field]!;
    const text = (rest: string) => `/** ${field.doc} */\n${rest};`;
    if (typeof type === "string") return text(`${viewName(field)}: number`);
    if (!isArray(type)) return text(`readonly ${viewName(field)}: ListHead`);
    return text(`readonly ${viewName(field)}: ${field.field === "pageset" ? "PageSet" : "readonly FreeArea[]"}`);
  });
  const members = [
    "/** Byte address of the structure in the machine's memory. */\nreadonly addr: number;",
    ...own,
    ...fields,
  ];
  return `/** ${view.doc} */\nexport interface ${view.className} {\n${indent(members.join("\n"))}\n}`;
}

const extraTypes = `/** \`struct list_head\`: the anchor of a list, or the link of an entry. Use the list functions on it. */
export interface ListHead {
  readonly addr: number;
}

/** The hot and the cold list of the (only) CPU. */
export interface PageSet {
  readonly hot: PerCpuPages;
  readonly cold: PerCpuPages;
  readonly [cold: number]: PerCpuPages;
}

/** What the kernel raises where it must stop: \`throw new KernelBug("what is wrong")\`, its BUG_ON. */
export class KernelBug extends Error {
  constructor(message: string);
}`;

const constantDocs: Readonly<Record<string, string>> = {
  MAX_ORDER: "Number of orders: 0 to 10. The largest block has 1024 pages.",
  PAGE_SHIFT: "log2 of the page size.",
  PAGE_SIZE: "Bytes of a page.",
  HOT: "Index of the hot list in `zone.pageset`.",
  COLD: "Index of the cold list in `zone.pageset`.",
  PG_private: "Set on the first page of a free block, whose order is then in `page.private`.",
  PG_reserved: "The page never belongs to the allocator.",
};

function constantTexts(): string[] {
  return Object.entries(kernelConstants).map(([name, value]) => {
    const doc = constantDocs[name] ?? "Bit number in `page.flags`.";
    return `/** ${doc} */\nexport const ${name}: ${value};`;
  });
}

const functionTypes = `/** Puts the entry right after the anchor: it becomes the first. A page stands for its \`lru\` link. It must be on no list. */
export function listAdd(entry: Page | ListHead, head: ListHead): void;

/** Puts the entry right before the anchor: it becomes the last. It must be on no list. */
export function listAddTail(entry: Page | ListHead, head: ListHead): void;

/** Takes the entry off its list, wherever in it it stands, in constant time. @throws KernelBug if it is on no list. */
export function listDel(entry: Page | ListHead): void;

/** True when nothing is on the list. */
export function listEmpty(head: ListHead): boolean;

/** The first page of the list, or null when it is empty. Leaves it on the list. @throws KernelBug if the link leads to no page. */
export function listFirst(head: ListHead): Page | null;

/** The last page of the list, or null when it is empty. Leaves it on the list. @throws KernelBug if the link leads to no page. */
export function listLast(head: ListHead): Page | null;

/** The page after \`entry\` on the list of \`head\`, or null at the end. A damaged list may go round for ever: bound your walk. */
export function listNext(entry: Page | ListHead, head: ListHead): Page | null;

/** The page before \`entry\` on the list of \`head\`, or null at the start. */
export function listPrev(entry: Page | ListHead, head: ListHead): Page | null;

/** The page at that index (0 is the zone's first), or null outside the zone. */
export function pageAt(zone: Zone, index: number): Page | null;

/** Index of the page within the zone: its pfn minus the zone's \`startPfn\`. Buddies are computed from this number. */
export function pageIndex(zone: Zone, page: Page): number;

/** Marks the page as head of a free block: sets \`PG_private\` and \`private = order\`. Does not touch any list. */
export function setPageOrder(page: Page, order: number): void;

/** Takes the mark away: clears \`PG_private\` and \`private\`. Does not touch any list. */
export function rmvPageOrder(page: Page): void;

/** \`page.private\`: the order of the free block, if \`pagePrivate(page)\`. */
export function pageOrder(page: Page): number;

/** Is \`PG_private\` set? */
export function pagePrivate(page: Page): boolean;

/** Is \`PG_reserved\` set? */
export function pageReserved(page: Page): boolean;

/** Does the page head a free block of exactly this order (marked with it, not reserved, count 0)? */
export function pageIsBuddy(page: Page, order: number): boolean;`;

function hostText(call: (typeof hostCalls)[number]): string {
  const types: Readonly<Record<string, string>> = { zone: "Zone", page: "Page" };
  const params = call.params.map((param) => `${param}: ${types[param] ?? "number"}`).join(", ");
  const returned = { page: "Page", "page?": "Page | null", void: "void" }[call.returns];
  return `/** ${call.doc} Only in exercises that say so. */\nexport function ${call.name}(${params}): ${returned};`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
