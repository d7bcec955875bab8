// The parts of the machine that can be operated, as links.
import { paths } from "@/lib/paths";
import { type SceneName, sceneNames } from "@/lib/scenarios/names";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";

export function SceneChooser({ locale, here }: { locale: Locale; here: SceneName }) {
  const words = translator(locale, "scene");
  return (
    <nav className="play-scenes" aria-label={words("chooser")}>
      <ul>
        {sceneNames.map((name) => (
          <li key={name}>
            <a href={paths.scene(locale, name)} aria-current={name === here ? "page" : undefined}>
              {words(`title-${name}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
