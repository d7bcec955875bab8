// Who is looking at the page; asked once a request, however many parts of the page want to know.
import { headers } from "next/headers";
import { cache } from "react";
import { currentUser, type Person } from "@/lib/auth/who";

export type Visitor = Person;

/** Null: signed out, or nobody can say because the database is away; lessons and the status page must open even then. */
export const visitor = cache(async (): Promise<Visitor | null> => {
  const asked = await headers();
  if (!asked.get("cookie")?.includes("better-auth.session_token")) return null;
  try {
    return await currentUser(asked);
  } catch (error) {
    console.error(JSON.stringify({ from: "visitor", error: String(error) }));
    return null;
  }
});
