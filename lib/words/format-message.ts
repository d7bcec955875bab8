// How a message becomes a sentence on the server of the web site: raw ICU text is parsed once and remembered; messages that
// were already parsed (those on their way to the browser, while the page is rendered on the server) are formatted as they are.
// next.config.js puts this module in the place of use-intl's own formatter; other programs use the latter.
import compile from "icu-minify/compile";
import formatCompiled from "use-intl/format-message/format-only";

type Arguments = Parameters<typeof formatCompiled>;
const parsed = new Map<string, Arguments[1]>();

function parse(message: string): Arguments[1] {
  const known = parsed.get(message);
  if (known !== undefined) return known;
  const fresh = compileForBrowser(message);
  parsed.set(message, fresh);
  return fresh;
}

/** The parsed form; plain text that still looks like ICU is wrapped, so that nobody parses it a second time. */
export function compileForBrowser(message: string): Arguments[1] {
  const compiled = compile(message);
  return typeof compiled === "string" && /[{}<']/.test(compiled) ? [compiled] : compiled;
}

function formatMessage(...[key, message, values, options]: Arguments): ReturnType<typeof formatCompiled> {
  return formatCompiled(key, typeof message === "string" ? parse(message) : message, values, options);
}
formatMessage.raw = false;

// biome-ignore lint/style/noDefaultExport: it stands in for a module that has a default export
export default formatMessage;
