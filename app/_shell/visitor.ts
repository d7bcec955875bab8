// Who is looking at the page; asked once a request, however many parts of the page want to know.
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { currentUser, type Person } from "@/lib/auth/who";

export type Visitor = Person;

/** Null: signed out, or nobody can say because the database is away; lessons and the status page must open even then. */
export const visitor = cache(async (): Promise<Visitor | null> => {
  const jar = await cookies();
  if (!jar.getAll().some(({ name }) => name.endsWith("better-auth.session_token"))) return null;
  // Not the header as it came: the page that a form's answer brings along already has the cookies that the form has set.
  const asked = new Headers(await headers());
  asked.set("cookie", jar.toString());
  try {
    return await currentUser(asked);
  } catch (error) {
    console.error(JSON.stringify({ from: "visitor", error: String(error) }));
    return null;
  }
});
