// A refusal as an HTTP answer: the status, and the message as data for the page to put into words.
import { httpStatus, type Refusal } from "@/lib/db/result";

export function refused({ code, message }: Refusal): Response {
  return Response.json({ code, message }, { status: httpStatus[code], headers: { "cache-control": "no-store" } });
}
