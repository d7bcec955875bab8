// What stands below every picture of a part: key, summary, tables. Server or client.
import { Legend } from "./legend";
import type { AnyPart } from "./part";
import { FigureTable } from "./table";
import type { AnyWords, FigureWords } from "./words";

interface FacesProps {
  readonly part: AnyPart;
  readonly id: string;
  readonly state: unknown;
  readonly words: AnyWords;
  readonly shared: FigureWords;
}

export function PartFaces({ part: { figure }, id, state, words, shared }: FacesProps) {
  const legend = figure.legend(state).map(({ look, key }) => ({ look, text: words(key) }));
  return (
    <>
      <Legend name={shared("legend")} entries={legend} />
      <p className="fig-summary" id={`${id}-summary`}>
        {figure.summarize(state, words)}
      </p>
      {figure.tabulate(state, words).map((table) => (
        <FigureTable
          key={table.caption}
          table={table}
          words={shared}
          summary={shared("tableShowOf", { caption: table.caption })}
        />
      ))}
    </>
  );
}
