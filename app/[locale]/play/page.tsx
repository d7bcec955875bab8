// The playground: one zone, operated by hand, and the way to the other parts. Works signed out; the machine travels in the link.
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Words } from "@/app/_shell/words";
import { isLocale } from "@/lib/words/locale";
import { translator } from "@/lib/words/translator";
import "./play.css";
import { Playground } from "./playground.client";
import { SceneChooser } from "./scene-chooser";

interface PlayPageProps {
  readonly params: Promise<{ locale: string }>;
}

export async function generateMetadata({ params }: PlayPageProps): Promise<Metadata> {
  const { locale } = await params;
  if (!isLocale(locale)) return {};
  const words = translator(locale, "play");
  return { title: words("title"), description: words("description") };
}

export default async function PlayPage({ params }: PlayPageProps) {
  const { locale } = await params;
  if (!isLocale(locale)) notFound();
  const words = translator(locale, "play");
  return (
    <Words locale={locale} names={["figure", "finding", "play"]}>
      <div className="play">
        <header className="play-head">
          <h1>{words("title")}</h1>
          <SceneChooser locale={locale} here="buddy" />
          <p>{words("lead")}</p>
        </header>
        <noscript>
          <p className="play-notice">{words("noScript")}</p>
        </noscript>
        <Playground locale={locale} />
      </div>
    </Words>
  );
}
