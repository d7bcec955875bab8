// One part of the machine in the playground. Works signed out; the machine travels in the link.
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Words } from "@/app/_shell/words";
import { isPartName, sceneNames } from "@/lib/scenarios/names";
import { isLocale } from "@/lib/words/locale";
import { locales } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import "../play.css";
import { SceneChooser } from "../scene-chooser";
import { ScenePlayground } from "./scene-playground.client";

interface ScenePageProps {
  readonly params: Promise<{ locale: string; scene: string }>;
}

export const dynamicParams = false;

export function generateStaticParams() {
  return locales.flatMap((locale) => sceneNames.filter(isPartName).map((scene) => ({ locale, scene })));
}

export async function generateMetadata({ params }: ScenePageProps): Promise<Metadata> {
  const { locale, scene } = await params;
  if (!isLocale(locale) || !isPartName(scene)) return {};
  const words = translator(locale, "scene");
  const title = words(`title-${scene}`);
  return { title, description: words("description", { title }) };
}

export default async function ScenePage({ params }: ScenePageProps) {
  const { locale, scene } = await params;
  if (!isLocale(locale) || !isPartName(scene)) notFound();
  const words = translator(locale, "scene");
  return (
    <Words locale={locale} names={["figure", "play", "scene", "bug", `figure-${scene}`]}>
      <div className="play">
        <header className="play-head">
          <h1>{words(`title-${scene}`)}</h1>
          <SceneChooser locale={locale} here={scene} />
          <p>{words(`lead-${scene}`)}</p>
        </header>
        <noscript>
          <p className="play-notice">{translator(locale, "play")("noScript")}</p>
        </noscript>
        <ScenePlayground locale={locale} name={scene} />
      </div>
    </Words>
  );
}
