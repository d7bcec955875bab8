// One state of a part as a figure: no script needed. A server component.
import "./figures.css";
import type { PartName } from "@/lib/scenarios/names";
import { openPart } from "@/lib/scenarios/open-part";
import { stateOf } from "@/lib/scenarios/run";
import { translator } from "@/lib/words/translator";
import { PartFaces } from "./part-faces";
import type { PartFigureProps } from "./part-props";
import { parts } from "./parts";
import { TwoPictures } from "./two-pictures";
import type { AnyWords } from "./words";

export async function PartStaticFigure({
  name,
  locale,
  id,
  caption,
  config,
  ops,
}: PartFigureProps & { name: PartName }) {
  const part = await parts[name]();
  // Which keys there are depends on the part; parts.test.ts asks for all of them.
  const words = translator(locale, `figure-${name}`) as unknown as AnyWords;
  const shared = translator(locale, "figure");
  const session = openPart(part.scenario, config, ops);
  const moment = session.moments.at(-1)!.at(-1)!;
  return (
    <figure className="fig" id={id} aria-labelledby={`${id}-caption`}>
      <div className="fig-canvas">
        <TwoPictures id={id} draw={(width) => part.figure.layout(moment, width, words, null)} />
      </div>
      <PartFaces part={part} id={id} state={stateOf(session)} words={words} shared={shared} />
      <figcaption id={`${id}-caption`}>{caption}</figcaption>
    </figure>
  );
}
