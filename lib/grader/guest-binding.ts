// How one of the learner's functions is called from outside: a small adapter in the guest that turns addresses into views of
// the kernel library and the returned view into an address.
import type { FunctionContract } from "@/lib/slots/slot";

/** `(fn, views) => adapter` as source; trusted text, made from the contract alone. */
export function bindingSource({ params, returns }: FunctionContract): string {
  const names = params.map((_, i) => `a${i}`).join(", ");
  const given = params.map(({ type }, i) => (type === "page" || type === "zone" ? `views.${type}(a${i})` : `a${i}`));
  const call = `fn(${given.join(", ")})`;
  // An address for a page, 0 for null, and the name of its type for anything else.
  const result =
    returns === "page?"
      ? `{ const page = ${call}, addr = views.addressOf(page); return addr === -1 ? typeof page : addr; }`
      : call;
  return `(function (fn, views) { "use strict"; return (${names}) => ${result}; })`;
}
