// How much a visitor may send before anybody looks at it.
import type { IncomingMessage } from "node:http";

/** The largest honest body is a draft (lib/db/drafts.ts) escaped as JSON. */
export const maxBodyBytes = 1024 * 1024;

/**
 * The status to refuse a request with, or null. A body of unknown length (chunked) is refused too: no browser sends one to this
 * site, and it could only be measured by reading it.
 */
export function refuseBody({ headers }: Pick<IncomingMessage, "headers">): 411 | 413 | null {
  if (headers["transfer-encoding"] !== undefined) return 411;
  return Number(headers["content-length"] ?? 0) > maxBodyBytes ? 413 : null;
}
