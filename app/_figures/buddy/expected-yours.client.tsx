"use client";
// Two states of one machine in the same coordinates: what Linux has, what the learner's machine has, differences ringed.
import "../figures.css";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { Picture } from "../picture";
import { FigureTable } from "../table";
import { TwoPictures } from "../two-pictures";
import { useWidth } from "../use-width.client";
import type { FigureWords } from "../words";
import { type DrawnState, differingBlocks } from "./blocks";
import { buddyFigure } from "./buddy";
import { kindsOf } from "./buddy-figure";
import { differingFields, differingLists } from "./fields";
import { BuddyLegend } from "./legend";
import type { BlockRef, BuddyOptions } from "./scene";

interface ExpectedYoursProps {
  readonly id: string;
  readonly expected: DrawnState;
  readonly actual: DrawnState;
  /** Blocks of the operation at this step. */
  readonly current?: readonly BlockRef[];
  /** What the function returned in either machine, if that differs or matters. */
  readonly returned?: { readonly expected: string; readonly actual: string };
  readonly emphasis?: "both" | "expected" | "yours";
  /** `all` adds the order lanes to the strips and lists. */
  readonly layers?: BuddyOptions["layers"];
}

const mostChips = 8;

export function ExpectedYours({
  id,
  expected,
  actual,
  current,
  returned,
  emphasis = "both",
  layers = "strip and lists",
}: ExpectedYoursProps) {
  const words = useTranslations("figure");
  const missing = useMemo(() => differingBlocks(expected, actual), [expected, actual]);
  const surplus = useMemo(() => differingBlocks(actual, expected), [expected, actual]);
  const chips = useMemo(() => differingFields(expected, actual, words), [expected, actual, words]);
  const lists = useMemo(() => differingLists(expected, actual), [expected, actual]);
  const halves = [
    { id: `${id}-expected`, name: words("expected"), state: expected, differs: missing, dim: emphasis === "yours" },
    { id: `${id}-yours`, name: words("yours"), state: actual, differs: surplus, dim: emphasis === "expected" },
  ];
  const returnChip = returned && returned.expected !== returned.actual ? [words("return", returned)] : [];
  const all = [...returnChip, ...chips];
  const kinds = [...new Set([...kindsOf(expected), ...kindsOf(actual)])];
  return (
    // biome-ignore lint/a11y/useSemanticElements: no form controls in here, only two pictures that belong together
    <div className="fig-pair" role="group" aria-label={words("expectedYours")}>
      {halves.map((half) => (
        <Half
          key={half.id}
          id={half.id}
          name={half.name}
          state={half.state}
          options={{ current, differs: half.differs, layers: layers === "strip and lists" ? "strip" : layers }}
          dim={half.dim}
          words={words}
        />
      ))}
      {layers === "strip and lists" && (
        <div className="fig-lists">
          {halves.map((half) => (
            <Half
              key={half.id}
              id={`${half.id}-lists`}
              name={half.name}
              state={half.state}
              options={{ differingLists: lists, layers: "lists" }}
              dim={half.dim}
              words={words}
            />
          ))}
        </div>
      )}
      <BuddyLegend kinds={kinds} words={words} />
      {all.length === 0 ? (
        <p className="fig-summary">{words("same")}</p>
      ) : (
        <>
          <p className="fig-chips-name" id={`${id}-differing`}>
            {words("differing")}
          </p>
          <ul className="fig-chips" aria-labelledby={`${id}-differing`}>
            {all.slice(0, mostChips).map((chip) => (
              <li key={chip}>
                <code>{chip}</code>
              </li>
            ))}
            {all.length > mostChips && <li>{words("fieldMore", { count: all.length - mostChips })}</li>}
          </ul>
        </>
      )}
    </div>
  );
}

interface HalfProps {
  readonly id: string;
  readonly name: string;
  readonly state: DrawnState;
  readonly options: BuddyOptions;
  readonly dim: boolean;
  readonly words: FigureWords;
}

function Half({ id, name, state, options, dim, words }: HalfProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  return (
    <div className={`fig-half ${dim ? "fig-dim" : ""}`}>
      <p className="fig-name">{name}</p>
      <div ref={ref} className="fig-canvas">
        {width === null ? (
          <TwoPictures id={id} draw={(at) => buddyFigure.layout(state, at, words, options)} />
        ) : (
          <Picture id={id} scene={buddyFigure.layout(state, width, words, options)} />
        )}
      </div>
      {options.layers !== "strip" && (
        <>
          <p className="fig-summary">{buddyFigure.summarize(state, words)}</p>
          <FigureTable table={buddyFigure.tabulate(state, words)} words={words} />
        </>
      )}
    </div>
  );
}
