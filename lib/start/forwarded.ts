// Where a request really came from.
import type { IncomingMessage } from "node:http";

/** Leaves in the request only what our own proxies can have said about where it came from. */
export function trustOnlyOurProxies(
  request: Pick<IncomingMessage, "headers"> & { socket: { remoteAddress?: string | undefined } },
  proxies: number,
): void {
  const { headers, socket } = request;
  const forwarded = String(headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((part) => part.trim());
  // Each proxy appends the address it was called from, so the last ones are true and whatever stands before is hearsay.
  const visitor = proxies > 0 ? forwarded.at(-proxies) : undefined;
  headers["x-forwarded-for"] = visitor || socket.remoteAddress || "unknown";
  delete headers["x-real-ip"];
  delete headers.forwarded;
  if (proxies > 0) return;
  delete headers["x-forwarded-host"];
  delete headers["x-forwarded-port"];
  headers["x-forwarded-proto"] = "http";
}
