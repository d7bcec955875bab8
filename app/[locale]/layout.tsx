// The frame of every page. It reads cookies and headers, so every page is rendered for its own request: that is what lets
// the nonce of proxy.ts reach the scripts, and the theme and the language reach the first byte.
import type { Metadata, Viewport } from "next";
import { notFound } from "next/navigation";
import { type ReactNode, Suspense } from "react";
import "../globals.css";
import { CommandsProvider } from "@/app/_shell/commands.client";
import { Footer } from "@/app/_shell/footer";
import { Header } from "@/app/_shell/header";
import { LiveRegion } from "@/app/_shell/live-region";
import { OfflineBanner } from "@/app/_shell/offline-banner.client";
import { preferences } from "@/app/_shell/preferences";
import { visitor } from "@/app/_shell/visitor";
import { Words } from "@/app/_shell/words";
import { htmlLang, isLocale } from "@/lib/words/locale";
import { translator } from "@/lib/words/translator";

interface LayoutProps {
  readonly params: Promise<{ locale: string }>;
  readonly children: ReactNode;
}

export async function generateMetadata({ params }: LayoutProps): Promise<Metadata> {
  const { locale } = await params;
  if (!isLocale(locale)) return {};
  const t = translator(locale, "shell");
  return { title: { template: `%s · ${t("siteName")}`, default: t("siteName") }, description: t("siteDescription") };
}

export const viewport: Viewport = { width: "device-width", initialScale: 1, interactiveWidget: "resizes-content" };

export default async function RootLayout({ params, children }: LayoutProps) {
  const { locale } = await params;
  if (!isLocale(locale)) notFound();
  const t = translator(locale, "shell");
  const [{ theme, singleKeys }, user] = await Promise.all([preferences(), visitor()]);
  return (
    <html lang={htmlLang[locale]} data-theme={theme}>
      <body className="flex min-h-dvh flex-col">
        <a href="#content" className="skip-link">
          {t("skipToContent")}
        </a>
        <Words locale={locale} names={["shell", "errors"]}>
          <CommandsProvider locale={locale} singleKeys={singleKeys}>
            <Suspense>
              <Header locale={locale} theme={theme} user={user} />
            </Suspense>
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
