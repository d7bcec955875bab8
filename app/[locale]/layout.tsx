// The root of every page: language, title, and the frame.
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import "../globals.css";
import { Frame } from "@/app/_shell/frame";
import { localeOf } from "@/app/_shell/locale-params";
import { isLocale } from "@/lib/words/locale";
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

export default async function RootLayout(props: LayoutProps) {
  return <Frame locale={await localeOf(props)}>{props.children}</Frame>;
}
