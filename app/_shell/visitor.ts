// Who is looking at the page; asked once a request, however many parts of the page want to know.
import { headers } from "next/headers";
import { cache } from "react";
import { currentUser, type Person } from "@/lib/auth/who";

export type Visitor = Person;

export const visitor = cache(async (): Promise<Visitor | null> => currentUser(await headers()));
