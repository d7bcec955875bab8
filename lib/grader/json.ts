// JSON with one spelling per value: keys sorted, no spaces. What is hashed or compared as text goes through here.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item as Json)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const object = value as { readonly [key: string]: Json | undefined };
  const entries = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key]!)}`);
  return `{${entries.join(",")}}`;
}

/**
 * The value as PostgreSQL can store it: without NUL and without halves of a surrogate pair, which the learner's own text may hold
 * or a cut may leave.
 */
export function storable<T>(value: T): T {
  const text = JSON.stringify(value);
  // An escaped backslash is passed over: behind it "u0000" is plain text.
  const clean = text.replace(
    /(\\\\)|\\u(?:0000|d[89a-f][0-9a-f]{2})/g,
    (_all, backslash: string | undefined) => backslash ?? "\\ufffd",
  );
  return clean === text ? value : (JSON.parse(clean) as T);
}
