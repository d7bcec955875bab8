// The `kernel` library that learners import: JavaScript evaluated in the sandbox before their code, generated from the layout.
// Theory: a view is an object that holds nothing but an address; its accessors read and write the machine's own bytes, so a view
//         never goes stale. There is one view per structure, which makes `===` compare structures as C compares pointers.
//         The engine is an interpreter, some 40 times slower than a compiler: every call and property counts. Views therefore keep
//         their word index (`word`) and the address of their list link (`link`), and arguments are checked by asking for those.
//         The text below runs in a foreign realm: it takes what it needs from the built-ins when it is evaluated.
import { machineLayout } from "@/lib/sim/buddy-machine";
import { COLD, HOT, pageFlags } from "@/lib/sim/constants";
import { isArray, type Struct } from "@/lib/sim/layout";
import { freeArea, page, zone } from "@/lib/sim/structs";
import { hostCalls, kernelConstants, type StructView, structViews, viewName } from "./kernel-views";

// The two faces of the library belong together for whoever uses it: what runs, and what the editor knows of it.
export { kernelTypes } from "./kernel-types";

/**
 * An expression: `(function (memory, host, constants) { ... return exports; })`.
 * `memory` is the machine's ArrayBuffer (null for a slot of values only), `host` an object whose functions take and return
 * numbers (addresses; looked up at each call, so it may be filled later), `constants` further numbers to export.
 * Beside what `kernelTypes` documents, the exports hold `__views` for whoever calls the learner's functions: `page(address)`
 * and `zone(address)` give views (null for address 0), `addressOf(view)` gives the address (0 for null, -1 for anything else).
 */
export function kernelSource(): string {
  return `(function (memory, host, constants) {
"use strict";
const { freeze, defineProperty } = Object;
const u32 = new Uint32Array(memory || 0);
const i32 = new Int32Array(u32.buffer);
const KernelTypeError = TypeError;
class KernelBug extends Error {
  constructor(message) { super(message); this.name = "KernelBug"; }
}
const ZONE = ${machineLayout.zone};
const MEM_MAP = ${machineLayout.memMap};
const FIRST_LRU = MEM_MAP + ${page.offset.lru};
const PAGES = Math.floor(Math.max(0, u32.byteLength - MEM_MAP) / ${page.size});
const START_PFN = ${(machineLayout.zone + zone.offset.zone_start_pfn) >>> 2};
const SPANNED = ${zone.offset.spanned_pages >>> 2};
const PRIVATE = ${page.offset.private >>> 2};
const COUNT = ${page.offset.count >>> 2};
const PRIVATE_BIT = ${1 << pageFlags.PG_private};
const RESERVED_BIT = ${1 << pageFlags.PG_reserved};
// Filled at once: the engine handles an array with gaps like an object.
const pages = [], links = [];
for (let index = 0; index < PAGES; index++) { pages.push(null); links.push(null); }
let theZone = null;
// Asks whether a value is a view without touching it: it may be a proxy whose traps never come back.
const views = new WeakSet(), isView = views.has.bind(views), addView = views.add.bind(views);
function registered(view) { addView(view); return view; }
class ListHead {
  constructor(addr) { this.addr = addr; this.link = addr; freeze(this); }
}
${classSource(structViews.page, ["get pfn() { return u32[START_PFN] + (this.addr - MEM_MAP) / 32; }"])}
${classSource(structViews.freeArea)}
${classSource(structViews.perCpuPages)}
${classSource(structViews.zone)}
${viewSource}
${listSource}
${pageSource}
const exports = { KernelBug, listAdd, listAddTail, listDel, listEmpty, listFirst, listLast, listNext, listPrev, pageAt, pageIndex,
  setPageOrder, rmvPageOrder, pageOrder, pagePrivate, pageReserved, pageIsBuddy };
${hostSource()}
const numbers = ${JSON.stringify(kernelConstants)};
for (const name in numbers) exports[name] = numbers[name];
for (const name in constants || {}) exports[name] = constants[name];
for (const view of [ListHead, Page, FreeArea, PerCpuPages, Zone]) freeze(view.prototype);
defineProperty(exports, "__views", { value: freeze({
  page(addr) { return addr === 0 ? null : pageView((addr - MEM_MAP) / ${page.size}); },
  zone(addr) { return addr === 0 ? null : zoneView(addr); },
  addressOf(view) {
    if (view === null) return 0;
    return isView(view) ? view.addr : -1;
  },
}) });
return exports;
})`;
}

/** A class with an accessor per field. Lists and nested structures are made once, with the view, or once per page. */
function classSource(view: StructView, extra: readonly string[] = []): string {
  const made: string[] = view.struct === page ? [`this.link = addr + ${page.offset.lru};`] : [];
  const accessors: string[] = [...extra];
  for (const field of view.fields) {
    const name = viewName(field);
    const type = view.struct.fields[field.field];
    const offset = view.struct.offset[field.field];
    if (type === undefined || offset === undefined)
      throw new Error(`struct ${view.struct.name} has no field ${field.field}`);
    if (typeof type === "string") {
      const at = `${type === "i32" ? "i32" : "u32"}[this.word${offset === 0 ? "" : ` + ${offset >>> 2}`}]`;
      accessors.push(`get ${name}() { return ${at}; }`, `set ${name}(value) { ${at} = value; }`);
    } else if (view.struct === page) {
      accessors.push(`get ${name}() { return linkView((this.addr - MEM_MAP) / ${page.size}); }`);
    } else if (isArray(type)) {
      const item = (index: number) =>
        `new ${className(type.of as Struct)}(addr + ${offset + index * (type.of as Struct).size})`;
      const items = Array.from({ length: type.length }, (_, index) => item(index)).join(", ");
      made.push(
        field.field === "pageset" ? `this.${name} = pagesetOf(${items});` : `this.${name} = freeze([${items}]);`,
      );
    } else made.push(`this.${name} = new ListHead(addr + ${offset});`);
  }
  return `class ${view.className} {
  constructor(addr) { this.addr = addr; this.word = addr >>> 2; ${made.join(" ")} freeze(this); }
  ${accessors.join("\n  ")}
}`;
}

function className(struct: Struct): string {
  return struct === freeArea ? structViews.freeArea.className : structViews.perCpuPages.className;
}

const viewSource = `
function pagesetOf(hot, cold) { return freeze({ ${HOT}: hot, ${COLD}: cold, hot, cold }); }
function pageView(index) {
  const page = pages[index];
  if (page) return page;
  if (page === null) return pages[index] = registered(new Page(MEM_MAP + index * ${page.size}));
  throw new KernelBug("no struct page lies at address " + (MEM_MAP + index * ${page.size}));
}
function linkView(index) { return links[index] || (links[index] = new ListHead(FIRST_LRU + index * ${page.size})); }
function zoneView(addr) {
  if (addr !== ZONE) throw new KernelBug("no struct zone lies at address " + addr);
  return theZone || (theZone = registered(new Zone(addr)));
}
function describe(value) {
  if (value === null || value === undefined) return "" + value;
  if (value instanceof FreeArea) return "a FreeArea (pass its freeList)";
  if (value instanceof PerCpuPages) return "a PerCpuPages (pass its list)";
  if (value instanceof ListHead) return "a list link";
  if (value instanceof Page) return "a Page";
  if (value instanceof Zone) return "a Zone";
  return "a value of type " + typeof value;
}
function refuse(what, expected, value) { throw new KernelTypeError(what + " expects " + expected + ", got " + describe(value)); }
function refuseLinks(what, entry, head) {
  if (!entry || !entry.link) refuse(what, "a page or its lru link", entry);
  refuse(what, "the anchor of a list (area.freeList, pcp.list)", head);
}`;

const listSource = `
function listAdd(entry, head) {
  const e = entry ? entry.link : 0, h = head ? head.link : 0;
  if (!e || !h) refuseLinks("listAdd", entry, head);
  const next = u32[h >>> 2];
  u32[(next >>> 2) + 1] = e;
  u32[e >>> 2] = next;
  u32[(e >>> 2) + 1] = h;
  u32[h >>> 2] = e;
}
function listAddTail(entry, head) {
  const e = entry ? entry.link : 0, h = head ? head.link : 0;
  if (!e || !h) refuseLinks("listAddTail", entry, head);
  const prev = u32[(h >>> 2) + 1];
  u32[(h >>> 2) + 1] = e;
  u32[e >>> 2] = h;
  u32[(e >>> 2) + 1] = prev;
  u32[prev >>> 2] = e;
}
function listDel(entry) {
  const e = entry ? entry.link : 0;
  if (!e) refuseLinks("listDel", entry);
  const at = e >>> 2, next = u32[at], prev = u32[at + 1];
  if (next === 0 || prev === 0) throw new KernelBug("listDel: the entry is on no list (its links are NULL)");
  u32[(next >>> 2) + 1] = prev;
  u32[prev >>> 2] = next;
  u32[at] = 0;
  u32[at + 1] = 0;
}
function listEmpty(head) {
  const h = head ? head.link : 0;
  if (!h) refuse("listEmpty", "the anchor of a list (area.freeList, pcp.list)", head);
  return u32[h >>> 2] === h;
}
function follow(what, from, head, step) {
  const e = from ? from.link : 0, h = head ? head.link : 0;
  if (!e || !h) refuseLinks(what, from === head ? true : from, head);
  const link = u32[(e >>> 2) + step];
  if (link === h) return null;
  const index = (link - FIRST_LRU) / ${page.size}, page = pages[index];
  if (page) return page;
  if (page === null) return pageView(index);
  throw new KernelBug(what + ": the link leads to address " + link + ", which is no page");
}
function listFirst(head) { return follow("listFirst", head, head, 0); }
function listLast(head) { return follow("listLast", head, head, 1); }
function listNext(entry, head) { return follow("listNext", entry, head, 0); }
function listPrev(entry, head) { return follow("listPrev", entry, head, 1); }`;

const pageSource = `
function wordOf(what, page) {
  const index = page ? (page.addr - MEM_MAP) / ${page.size} : -1;
  if (!page || pages[index] !== page) refuse(what, "a page", page);
  return page.word;
}
function pageAt(zone, index) {
  if (zone !== theZone || zone === null) refuse("pageAt", "a zone", zone);
  if (!(index >= 0 && index < u32[zone.word + SPANNED])) return null;
  const page = pages[index];
  return page || (page === null ? pageView(index) : null);
}
function pageIndex(zone, page) {
  if (zone !== theZone || zone === null) refuse("pageIndex", "a zone", zone);
  const index = page ? (page.addr - MEM_MAP) / ${page.size} : -1;
  if (!page || pages[index] !== page) refuse("pageIndex", "a page", page);
  return index;
}
function setPageOrder(page, order) {
  const at = wordOf("setPageOrder", page);
  u32[at + PRIVATE] = order;
  u32[at] |= PRIVATE_BIT;
}
function rmvPageOrder(page) {
  const at = wordOf("rmvPageOrder", page);
  u32[at] &= ~PRIVATE_BIT;
  u32[at + PRIVATE] = 0;
}
function pageOrder(page) { return u32[wordOf("pageOrder", page) + PRIVATE]; }
function pagePrivate(page) { return (u32[wordOf("pagePrivate", page)] & PRIVATE_BIT) !== 0; }
function pageReserved(page) { return (u32[wordOf("pageReserved", page)] & RESERVED_BIT) !== 0; }
function pageIsBuddy(page, order) {
  const at = wordOf("pageIsBuddy", page);
  return (u32[at] & (PRIVATE_BIT | RESERVED_BIT)) === PRIVATE_BIT && u32[at + PRIVATE] === order && u32[at + COUNT] === 0;
}`;

function hostSource(): string {
  const wrappers = hostCalls.map(({ name, params, returns }) => {
    const given = params.map((param) => (param === "zone" || param === "page" ? `${param}.addr` : param));
    const checks = [`if (zone !== theZone || zone === null) refuse("${name}", "a zone", zone);`];
    if ((params as readonly string[]).includes("page")) checks.push(`wordOf("${name}", page);`);
    const call = `hostCall("${name}")(${given.join(", ")})`;
    const result =
      returns === "void"
        ? `${call};`
        : `const addr = ${call}; return addr === 0 ? null : pageView((addr - MEM_MAP) / ${page.size});`;
    return `exports.${name} = function ${name}(${params.join(", ")}) { ${checks.join(" ")} ${result} };`;
  });
  return `${wrappers.join("\n")}
function hostCall(name) {
  const call = host && host[name];
  if (typeof call !== "function") throw new KernelTypeError(name + " is not offered in this exercise: write it yourself");
  return call;
}`;
}
