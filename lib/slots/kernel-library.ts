// The `kernel` library that learners import: JavaScript evaluated in the sandbox before their code, generated from the layout.
// Theory: a view is an object that holds nothing but an address; its accessors read and write the machine's own bytes, so a view
//         never goes stale. There is one view per structure, which makes `===` compare structures as C compares pointers.
//         The text below runs in a foreign realm: it takes what it needs from the built-ins when it is evaluated.
import { machineLayout } from "@/lib/sim/boot";
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
const { freeze } = Object;
const u32 = new Uint32Array(memory || 0);
const i32 = new Int32Array(u32.buffer);
const KernelTypeError = TypeError;
class KernelBug extends Error {
  constructor(message) { super(message); this.name = "KernelBug"; }
}
class ListHead {
  constructor(addr) { this.addr = addr; freeze(this); }
}
const MEM_MAP = ${machineLayout.memMap};
const MEM_MAP_END = MEM_MAP + Math.floor(Math.max(0, u32.byteLength - MEM_MAP) / ${page.size}) * ${page.size};
const START_PFN = ${(machineLayout.zone + zone.offset.zone_start_pfn) >>> 2};
const SPANNED = ${zone.offset.spanned_pages >>> 2};
const PG_PRIVATE_BIT = ${1 << pageFlags.PG_private};
const PG_RESERVED_BIT = ${1 << pageFlags.PG_reserved};
const pages = [], links = [], zones = [];
${classSource(structViews.page, ["get pfn() { return u32[START_PFN] + (this.addr - MEM_MAP) / 32; }"])}
${classSource(structViews.freeArea)}
${classSource(structViews.perCpuPages)}
${classSource(structViews.zone)}
${listSource}
${pageSource}
const exports = { KernelBug, listAdd, listAddTail, listDel, listEmpty, listFirst, listLast, listNext, listPrev, pageAt, pageIndex,
  setPageOrder, rmvPageOrder, pageOrder, pagePrivate, pageReserved, pageIsBuddy };
${hostSource()}
const numbers = ${JSON.stringify(kernelConstants)};
for (const name in numbers) exports[name] = numbers[name];
for (const name in constants || {}) exports[name] = constants[name];
for (const view of [ListHead, Page, FreeArea, PerCpuPages, Zone]) freeze(view.prototype);
Object.defineProperty(exports, "__views", { value: freeze({
  page(addr) { return addr === 0 ? null : pageView(addr); },
  zone(addr) { return addr === 0 ? null : zoneView(addr); },
  addressOf(view) { return view === null ? 0 : view instanceof Page || view instanceof Zone ? view.addr : -1; },
}) });
return exports;
})`;
}

/** A class with an accessor per field. Lists and nested structures are made once, with the view, or once per page. */
function classSource(view: StructView, extra: readonly string[] = []): string {
  const made: string[] = [];
  const accessors: string[] = [...extra];
  for (const field of view.fields) {
    const name = viewName(field);
    const type = view.struct.fields[field.field];
    const offset = view.struct.offset[field.field];
    if (type === undefined || offset === undefined)
      throw new Error(`struct ${view.struct.name} has no field ${field.field}`);
    if (typeof type === "string") {
      const at = `${type === "i32" ? "i32" : "u32"}[(this.addr >>> 2)${offset === 0 ? "" : ` + ${offset >>> 2}`}]`;
      accessors.push(`get ${name}() { return ${at}; }`, `set ${name}(value) { ${at} = value; }`);
    } else if (view.struct === page) {
      accessors.push(`get ${name}() { return linkView(this.addr); }`);
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
  constructor(addr) { this.addr = addr; ${made.join(" ")} freeze(this); }
  ${accessors.join("\n  ")}
}`;
}

function className(struct: Struct): string {
  return struct === freeArea ? structViews.freeArea.className : structViews.perCpuPages.className;
}

const listSource = `
function pagesetOf(hot, cold) { return freeze({ ${HOT}: hot, ${COLD}: cold, hot, cold }); }
function isPage(addr) { return addr >= MEM_MAP && addr < MEM_MAP_END && (addr - MEM_MAP) % ${page.size} === 0; }
function pageView(addr) {
  if (!isPage(addr)) throw new KernelBug("no struct page lies at address " + addr);
  const index = (addr - MEM_MAP) / ${page.size};
  return pages[index] || (pages[index] = new Page(addr));
}
function linkView(addr) {
  const index = (addr - MEM_MAP) / ${page.size};
  return links[index] || (links[index] = new ListHead(addr + ${page.offset.lru}));
}
function zoneView(addr) { return zones[addr] || (zones[addr] = new Zone(addr)); }
function describe(value) {
  if (value === null || value === undefined) return String(value);
  if (value instanceof FreeArea) return "a FreeArea (pass its freeList)";
  if (value instanceof PerCpuPages) return "a PerCpuPages (pass its list)";
  if (value instanceof Zone) return "a Zone";
  return "a value of type " + typeof value;
}
function entryAddress(what, entry) {
  if (entry instanceof Page) return entry.addr + ${page.offset.lru};
  if (entry instanceof ListHead) return entry.addr;
  throw new KernelTypeError(what + " expects a page or its lru link, got " + describe(entry));
}
function headAddress(what, head) {
  if (head instanceof ListHead) return head.addr;
  throw new KernelTypeError(what + " expects the anchor of a list (area.freeList, pcp.list), got " + describe(head));
}
function listAdd(entry, head) {
  const e = entryAddress("listAdd", entry), h = headAddress("listAdd", head), next = u32[h >>> 2];
  u32[(next >>> 2) + 1] = e;
  u32[e >>> 2] = next;
  u32[(e >>> 2) + 1] = h;
  u32[h >>> 2] = e;
}
function listAddTail(entry, head) {
  const e = entryAddress("listAddTail", entry), h = headAddress("listAddTail", head), prev = u32[(h >>> 2) + 1];
  u32[(h >>> 2) + 1] = e;
  u32[e >>> 2] = h;
  u32[(e >>> 2) + 1] = prev;
  u32[prev >>> 2] = e;
}
function listDel(entry) {
  const e = entryAddress("listDel", entry), next = u32[e >>> 2], prev = u32[(e >>> 2) + 1];
  if (next === 0 || prev === 0) throw new KernelBug("listDel: the entry is on no list (its links are NULL)");
  u32[(next >>> 2) + 1] = prev;
  u32[prev >>> 2] = next;
  u32[e >>> 2] = 0;
  u32[(e >>> 2) + 1] = 0;
}
function listEmpty(head) { const h = headAddress("listEmpty", head); return u32[h >>> 2] === h; }
function neighbour(what, from, head, step) {
  const h = headAddress(what, head), link = u32[(from >>> 2) + step];
  if (link === h) return null;
  if (!isPage(link - ${page.offset.lru})) throw new KernelBug(what + ": the link leads to address " + link + ", which is no page");
  return pageView(link - ${page.offset.lru});
}
function listFirst(head) { return neighbour("listFirst", headAddress("listFirst", head), head, 0); }
function listLast(head) { return neighbour("listLast", headAddress("listLast", head), head, 1); }
function listNext(entry, head) { return neighbour("listNext", entryAddress("listNext", entry), head, 0); }
function listPrev(entry, head) { return neighbour("listPrev", entryAddress("listPrev", entry), head, 1); }`;

const pageSource = `
function needPage(what, page) {
  if (!(page instanceof Page)) throw new KernelTypeError(what + " expects a page, got " + describe(page));
  return page.addr >>> 2;
}
function needZone(what, zone) {
  if (!(zone instanceof Zone)) throw new KernelTypeError(what + " expects a zone, got " + describe(zone));
  return zone.addr;
}
function pageAt(zone, index) {
  const z = needZone("pageAt", zone), addr = MEM_MAP + index * ${page.size};
  return index >= 0 && index < u32[(z >>> 2) + SPANNED] && isPage(addr) ? pageView(addr) : null;
}
function pageIndex(zone, page) {
  needZone("pageIndex", zone);
  return ((needPage("pageIndex", page) << 2) - MEM_MAP) / ${page.size};
}
function setPageOrder(page, order) {
  const at = needPage("setPageOrder", page);
  u32[at + ${page.offset.private >>> 2}] = order;
  u32[at] |= PG_PRIVATE_BIT;
}
function rmvPageOrder(page) {
  const at = needPage("rmvPageOrder", page);
  u32[at] &= ~PG_PRIVATE_BIT;
  u32[at + ${page.offset.private >>> 2}] = 0;
}
function pageOrder(page) { return u32[needPage("pageOrder", page) + ${page.offset.private >>> 2}]; }
function pagePrivate(page) { return (u32[needPage("pagePrivate", page)] & PG_PRIVATE_BIT) !== 0; }
function pageReserved(page) { return (u32[needPage("pageReserved", page)] & PG_RESERVED_BIT) !== 0; }
function pageIsBuddy(page, order) {
  const at = needPage("pageIsBuddy", page);
  return (u32[at] & (PG_PRIVATE_BIT | PG_RESERVED_BIT)) === PG_PRIVATE_BIT &&
    u32[at + ${page.offset.private >>> 2}] === order && u32[at + ${page.offset.count >>> 2}] === 0;
}`;

function hostSource(): string {
  return hostCalls
    .map(({ name, params, returns }) => {
      const checked = params.map((param) => {
        if (param === "zone") return `needZone("${name}", zone)`;
        return param === "page" ? `(needPage("${name}", page) << 2)` : param;
      });
      const call = `hostCall("${name}")(${checked.join(", ")})`;
      const body = returns === "void" ? `${call};` : `const addr = ${call}; return addr === 0 ? null : pageView(addr);`;
      return `exports.${name} = function ${name}(${params.join(", ")}) { ${body} };`;
    })
    .concat(`function hostCall(name) {
  const call = host && host[name];
  if (typeof call !== "function") throw new KernelTypeError(name + " is not offered in this exercise: write it yourself");
  return call;
}`)
    .join("\n");
}
