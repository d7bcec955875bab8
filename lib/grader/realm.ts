// The guest's world before any learner's code: what is removed, what is made repeatable, and the functions through which the
// host works in it.
// Theory: whatever the learner's code may change (prototypes, globals), the host's own functions must not feel. They close over
//         what they need, use syntax rather than methods, and never write to an array or object that could carry a setter.
//         They run on the guest's fuel, so a getter or proxy that they meet can only spend its owner's budget.
import { limits } from "./limits";

/** `(print, host) => functions`; the functions are named in engine.ts. */
export const realmSource = `(function (print, host) {
"use strict";
const { isArray } = Array, { keys, create, freeze } = Object, { parse, stringify } = JSON, { isFinite } = Number;
const TrueError = Error;
const slice = Function.prototype.call.bind(String.prototype.slice);
const maxDepth = ${limits.valueDepth}, maxItems = ${limits.valueItems}, maxChars = ${limits.valueStringChars},
  maxAllChars = ${limits.valueChars};
const maxText = ${limits.outputChars};

for (const name of ["performance", "SharedArrayBuffer", "Atomics", "WebAssembly"]) delete globalThis[name];

let state = 1;
const toUnit = 1 / 4294967296;
Math.random = function random() {
  state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
  return (state >>> 0) * toUnit;
};

let items = 0, chars = 0, reason = "";
// Thrown by nothing else: a getter of the learner's may throw a string too.
const refused = create(null);
function refuse(why) { reason = why; throw refused; }
function text(value, what) {
  if (value.length > maxChars) refuse(what + " of " + value.length + " characters");
  if ((chars += value.length) > maxAllChars) refuse("strings of more than " + maxAllChars + " characters together");
  return stringify(value);
}
// JSON of a value that the contract allows.
function json(value, depth) {
  if (++items > maxItems) refuse("more than " + maxItems + " values");
  if (value === null || value === true || value === false) return "" + value;
  const type = typeof value;
  if (type === "number") {
    if (!isFinite(value)) refuse("" + value);
    return "" + value;
  }
  if (type === "string") return text(value, "a string");
  if (type !== "object") refuse(type);
  if (depth === 0) refuse("a value nested more than " + maxDepth + " deep");
  let all = "", comma = "";
  if (isArray(value)) {
    const length = value.length;
    if (typeof length !== "number" || length > maxItems) refuse("more than " + maxItems + " values");
    for (let i = 0; i < length; i++) { all += comma + json(value[i], depth - 1); comma = ","; }
    return "[" + all + "]";
  }
  const names = keys(value);
  if (names.length > maxItems) refuse("more than " + maxItems + " values");
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    all += comma + text(name, "a name") + ":" + json(value[name], depth - 1); comma = ",";
  }
  return "{" + all + "}";
}

// One printed value: strings as they are, everything else short.
function inspect(value, depth) {
  const type = typeof value;
  if (type === "string") return depth === 2 ? value : stringify(value.length > 200 ? slice(value, 0, 200) + "..." : value);
  if (type === "bigint") return value + "n";
  if (type === "symbol") return "Symbol()";
  if (type === "function") return "[function]";
  if (type !== "object" || value === null) return "" + value;
  if (isArray(value)) {
    if (depth === 0) return "[array]";
    let text = "", comma = "";
    const length = value.length, shown = length > 100 ? 100 : length;
    for (let i = 0; i < shown; i++) { text += comma + inspect(value[i], depth - 1); comma = ", "; }
    return "[" + text + (length > shown ? ", ... " + (length - shown) + " more" : "") + "]";
  }
  const label = value instanceof TrueError ? "" + value.name + ": " + value.message : describe(value);
  if (label !== undefined) return label;
  if (depth === 0) return "[object]";
  let text = "", comma = "";
  const names = keys(value), shown = names.length > 50 ? 50 : names.length;
  for (let i = 0; i < shown; i++) { text += comma + names[i] + ": " + inspect(value[names[i]], depth - 1); comma = ", "; }
  return "{" + text + (names.length > shown ? ", ..." : "") + "}";
}
let kernel = null;
let views = undefined;
let Bug = undefined;
const offered = create(null);
let offers = 0;
// A view of the kernel library in few words.
function describe(value) {
  if (views === undefined || !(views.addressOf(value) > 0)) return undefined;
  return typeof value.pfn === "number" ? "Page(pfn " + value.pfn + ")" : "Zone";
}

function log() {
  let text = "", space = "";
  for (let i = 0; i < arguments.length; i++) {
    text += space + inspect(arguments[i], 2); space = " ";
    if (text.length > maxText) break;
  }
  text += "\\n";
  print(text.length > maxText ? slice(text, 0, maxText) : text, text.length);
}
const console = create(null);
console.log = console.info = console.warn = console.error = console.debug = log;
globalThis.console = console;

return {
  seed(value) { state = value | 0 || 1; },
  // The kernel library over this machine's memory; kept for require() and for messages. What the host uses of it is taken
  // now, and nobody changes it later.
  adopt(factory, memory) {
    kernel = factory(memory, offered);
    if (kernel === null) return undefined;
    freeze(kernel);
    Bug = kernel.KernelBug;
    if (typeof Bug === "function") { freeze(Bug.prototype); freeze(Bug); }
    return views = kernel.__views;
  },
  // Lets the kernel library call these host functions from now on; the host knows each by its number.
  offer(names) {
    for (let i = 0; i < names.length; i++) {
      const number = offers++;
      offered[names[i]] = function (a, b, c, d, e, f) {
        switch (arguments.length) {
          case 0: return host(number);
          case 1: return host(number, a);
          case 2: return host(number, a, b);
          case 3: return host(number, a, b, c);
          case 4: return host(number, a, b, c, d);
          default: return host(number, a, b, c, d, e, f);
        }
      };
    }
  },
  // Runs the learner's module and gives its exports.
  load(factory) {
    const module = { exports: {} };
    const require = function (name) {
      if (name === "kernel" && kernel !== null) return kernel;
      throw new TrueError('there is no module "' + name + '"; only "kernel" can be imported');
    };
    factory(require, module, module.exports);
    return module.exports;
  },
  member(exports, name) { return exports === null || exports === undefined ? undefined : exports[name]; },
  arity(value) { return typeof value === "function" ? value.length : -1; },
  bug(message) {
    if (typeof Bug === "function") return new Bug(message);
    const error = new TrueError(message);
    error.name = "KernelBug";
    return error;
  },
  parse(text) { return parse(text); },
  kind(value) { return typeof value === "object" && isArray(value) ? "array" : typeof value; },
  // A returned value as JSON text, or "!" and what it is instead.
  show(value) {
    items = chars = 0;
    try { return json(value, maxDepth); } catch (thrown) { if (thrown === refused) return "!" + reason; throw thrown; }
  },
};
})`;
