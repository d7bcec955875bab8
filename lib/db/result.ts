// The answer of anything a visitor may be refused. A refusal is a value with a sentence, not an exception.
import type { Message } from "@/lib/slots/slot";

/** What kind of refusal; a route handler turns it into an HTTP status with `httpStatus`. */
export type RefusalCode =
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "invalid"
  | "conflict"
  | "too_large"
  | "too_many";

export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  /** A full key of lib/words, namespace first. */
  readonly message: Message;
  /** The sentence that belongs beside each field of the form. */
  readonly fields?: Readonly<Record<string, Message>>;
}
export type Result<T> = { readonly ok: true; readonly value: T } | Refusal;

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** `key`: a full one (`auth.errors.tooMany`), or just a name for one of namespace `platform`. */
export function refuse(code: RefusalCode, key: string, args: Message["args"] = {}): Refusal {
  return { ok: false, code, message: { key: key.includes(".") ? key : `platform.${key}`, args } };
}

export const httpStatus: Readonly<Record<RefusalCode, number>> = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  invalid: 400,
  conflict: 409,
  too_large: 413,
  too_many: 429,
};
