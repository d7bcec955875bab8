// The landing page's figure: 64 pages in the middle of a day's work, paused, ready to be played or opened in the playground.
import { Words } from "@/app/_shell/words";
import type { BuddyConfig } from "@/lib/sim/machine";
import { createRng } from "@/lib/sim/rng";
import { generateMix } from "@/lib/slots/buddy-generate";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { Stepper } from "./stepper.client";

const config: BuddyConfig = { pages: 64, init: "one-block", pcp: null };
/** Chosen by eye: at the opening step blocks of four orders are in use and three free lists have something on them. */
const seed = 22;
const length = 40;
const openingOp = 15;

export function BuddyHero({ locale }: { locale: Locale }) {
  const words = translator(locale, "figure");
  const ops = generateMix(createRng(seed), config, { maxOrder: 4, coldPercent: 0 }, length);
  return (
    <Words locale={locale} names={["figure"]}>
      <a className="visually-hidden skip-figure" href="#after-hero">
        {words("skipFigure")}
      </a>
      <Stepper
        locale={locale}
        id="hero"
        caption={words("heroCaption")}
        config={config}
        ops={ops}
        start={openingOp}
        link="playground"
      />
      <span id="after-hero" tabIndex={-1} />
    </Words>
  );
}
