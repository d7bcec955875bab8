// Who is looking at the page; asked once a request, however many parts of the page want to know.
import { cache } from "react";

export interface Visitor {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
}

export const visitor = cache(async (): Promise<Visitor | null> => null);
