// Who is asking.
import { ok, type Result, refuse } from "@/lib/db/result";
import { type Locale, locales } from "@/lib/words/text";
import { auth } from "./auth";
import { type Role, roles } from "./rights";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** What they chose in their account; null follows the browser. */
  readonly language: Locale | null;
  readonly theme: "light" | "dark" | "system";
}

/** The signed-in person, or null. */
export async function currentUser(headers: Headers): Promise<Person | null> {
  const session = await auth().api.getSession({ headers });
  if (!session) return null;
  const { id, name, email, role, language, theme } = session.user;
  return {
    id,
    name,
    email,
    role: roles.find((known) => known === role) ?? "student",
    language: locales.find((known) => known === language) ?? null,
    theme: theme === "light" || theme === "dark" ? theme : "system",
  };
}

/** The signed-in person, or the refusal to send back. */
export async function requireUser(headers: Headers): Promise<Result<Person>> {
  const person = await currentUser(headers);
  return person ? ok(person) : refuse("unauthenticated", "signInFirst");
}
