// The frame around every page, the not-found page included: skip link, header, main, footer, live region. It reads cookies and
// headers, so every page is rendered for its own request: that is what lets the nonce of proxy.ts reach the scripts, and the
// theme and the language reach the first byte.
import type { ReactNode } from "react";
import { htmlLang } from "@/lib/words/locale";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { CommandsProvider } from "./commands.client";
import { fonts } from "./fonts";
import { Footer } from "./footer";
import { Header } from "./header";
import { LiveRegion } from "./live-region";
import { OfflineBanner } from "./offline-banner.client";
import { preferences } from "./preferences";
import { visitor } from "./visitor";
import { Words } from "./words";

export async function Frame({ locale, children }: { locale: Locale; children: ReactNode }) {
  const t = translator(locale, "shell");
  const [{ theme, singleKeys }, user] = await Promise.all([preferences(), visitor()]);
  return (
    <html lang={htmlLang[locale]} data-theme={theme} className={fonts}>
      <body className="flex min-h-dvh flex-col">
        <a href="#content" className="skip-link">
          {t("skipToContent")}
        </a>
        <Words locale={locale} names={["shell", "errors"]}>
          <CommandsProvider locale={locale} singleKeys={singleKeys}>
            <Header locale={locale} theme={theme} user={user} />
            <OfflineBanner />
            <main id="content" tabIndex={-1} className="flex w-full flex-1 flex-col outline-none">
              {children}
            </main>
            <Footer locale={locale} />
          </CommandsProvider>
        </Words>
        <LiveRegion />
      </body>
    </html>
  );
}
