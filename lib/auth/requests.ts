// Asking better-auth for something on a visitor's behalf, from a form. The request takes the same way as one over HTTP, so the
// limit per address and the check of the origin apply to forms too; a refusal comes back as a value with a sentence.
import { ok, type Refusal, type Result, refuse } from "@/lib/db/result";
import type { Locale } from "@/lib/words/text";
import { auth } from "./auth";
import { passwordLength } from "./password";

export interface Requests {
  "/sign-in/email": { email: string; password: string };
  "/sign-up/email": { name: string; email: string; password: string; language: Locale };
  "/sign-out": Record<never, never>;
  "/change-password": { currentPassword: string; newPassword: string; revokeOtherSessions: true };
  "/update-user": { name?: string; language?: Locale; theme?: "light" | "dark" | "system" };
}

export interface Answer {
  /** Set-Cookie headers, which the caller passes on to the browser. */
  readonly setCookies: readonly string[];
  /** What the account prefers, when the answer says so. */
  readonly language: Locale | null;
  readonly theme: "light" | "dark" | "system" | null;
}

/** Headers of the visitor's request that better-auth looks at: who, from where, from which page. */
const passedOn = [
  "cookie",
  "origin",
  "referer",
  "host",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "user-agent",
];

export async function authRequest<P extends keyof Requests>(
  path: P,
  body: Requests[P],
  visitor: Headers,
): Promise<Result<Answer>> {
  const headers = new Headers({ "content-type": "application/json" });
  for (const name of passedOn) {
    const value = visitor.get(name);
    if (value !== null) headers.set(name, value);
  }
  const url = `${visitor.get("x-forwarded-proto") ?? "http"}://${visitor.get("host")}/api/auth${path}`;
  const response = await auth().handler(new Request(url, { method: "POST", headers, body: JSON.stringify(body) }));
  const data = (await response.json().catch(() => null)) as { code?: string; user?: Partial<Answer> } | null;
  if (!response.ok) return refusalFor(response, data?.code ?? "");
  return ok({
    setCookies: response.headers.getSetCookie(),
    language: data?.user?.language ?? null,
    theme: data?.user?.theme ?? null,
  });
}

function refusalFor(response: Response, code: string): Refusal {
  if (response.status === 429) {
    const seconds = Number(response.headers.get("x-retry-after") ?? 600);
    return refuse("too_many", "auth.errors.tooMany", { minutes: Math.max(1, Math.ceil(seconds / 60)) });
  }
  switch (code) {
    case "INVALID_EMAIL_OR_PASSWORD":
      return refuse("invalid", "auth.errors.wrongCredentials");
    case "INVALID_EMAIL":
      return beside("email", "auth.errors.emailInvalid");
    case "USER_ALREADY_EXISTS":
    case "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL":
      return beside("email", "auth.errors.emailTaken");
    case "INVALID_PASSWORD":
      return beside("currentPassword", "auth.errors.wrongPassword");
    case "PASSWORD_TOO_SHORT":
      return beside("password", "auth.errors.passwordShort", { min: passwordLength.min });
    case "PASSWORD_TOO_LONG":
      return beside("password", "auth.errors.passwordLong", { max: passwordLength.max });
  }
  if (response.status === 401) return refuse("unauthenticated", "auth.errors.signInFirst");
  if (response.status < 500) return refuse("invalid", "auth.errors.refused", { code: code || String(response.status) });
  throw new Error(`better-auth answered ${response.status} ${code} to ${response.url}`);
}

function beside(field: string, key: string, args: Refusal["message"]["args"] = {}): Refusal {
  return { ...refuse("invalid", "auth.errors.seeBelow"), fields: { [field]: { key, args } } };
}
