// A figure's table behind "Show as table", in a region that scrolls by itself and can be reached by keyboard.
import type { Table } from "./define";
import type { FigureWords } from "./words";

interface TableProps {
  readonly table: Table;
  readonly words: FigureWords;
  /** Default: "Show as table", for a figure's only table. */
  readonly summary?: string;
}

export function FigureTable({ table, words, summary }: TableProps) {
  return (
    <details className="fig-table">
      <summary>{summary ?? words("tableShow")}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="fig-table-scroll" tabIndex={0} aria-label={table.caption}>
        <table className={table.preformatted && "fig-table-text"}>
          <caption>{table.caption}</caption>
          <thead>
            <tr>
              {table.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <tr key={row.key}>
                {row.cells.map((cell, index) =>
                  index === 0 ? (
                    <th key={index} scope="row">
                      {cell}
                    </th>
                  ) : (
                    <td key={index}>{cell}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
