"use client";
// Gives the parsed messages to the client components below, on top of those that an outer page part has already brought.
import { createContext, type ReactNode, useContext } from "react";
import { IntlProvider } from "use-intl/react";
import type { Messages } from "@/lib/words/messages";
import type { Locale } from "@/lib/words/text";

/** Namespaces with their messages in parsed form; to the types of use-intl they are still the messages. */
export type ParsedMessages = Readonly<Record<string, unknown>>;

const Outer = createContext<ParsedMessages>({});

export function WordsProvider(props: { locale: Locale; messages: ParsedMessages; children: ReactNode }) {
  const all = { ...useContext(Outer), ...props.messages };
  return (
    <Outer value={all}>
      <IntlProvider locale={props.locale} messages={all as unknown as Messages} timeZone="UTC">
        {props.children}
      </IntlProvider>
    </Outer>
  );
}
