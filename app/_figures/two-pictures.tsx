// The picture for a container whose width is not known yet: sent twice, CSS shows one of the two.
import { Picture } from "./picture";
import { narrowWidth, type Scene, wideWidth } from "./scene";

export function TwoPictures({ id, draw }: { id: string; draw: (width: number) => Scene }) {
  return (
    <>
      <Picture id={`${id}-w`} className="fig-wide" scene={draw(wideWidth)} />
      <Picture id={`${id}-n`} className="fig-narrow" scene={draw(narrowWidth)} />
    </>
  );
}
