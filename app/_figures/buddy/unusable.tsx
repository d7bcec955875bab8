// External fragmentation as numbers and bars: which share of the free pages a request of each order cannot use.
import { unusableFreeIndex } from "@/lib/sim/fragmentation";
import type { FigureWords } from "../words";
import { type DrawnState, topOrder } from "./blocks";

export function UnusableIndex({
  state,
  words,
  percent,
}: {
  state: DrawnState;
  words: FigureWords;
  percent: Intl.NumberFormat;
}) {
  const counts = state.freeLists.map((list) => list.length);
  const orders = Array.from({ length: topOrder(state) + 1 }, (_, order) => order);
  return (
    <table className="fig-unusable">
      <caption>{words("unusable")}</caption>
      <tbody>
        {orders.map((order) => {
          const share = unusableFreeIndex(counts, order);
          return (
            <tr key={order}>
              <th scope="row">{words("order", { order })}</th>
              <td>{percent.format(share)}</td>
              <td>
                <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                  <rect className="fig-bar-ground" width="100" height="10" />
                  <rect className="fig-bar" width={share * 100} height="10" />
                </svg>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
