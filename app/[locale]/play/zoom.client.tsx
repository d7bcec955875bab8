"use client";
// Part of a large zone at a time: a power of two of pages from an aligned place.
import type { BuddyOptions } from "@/app/_figures/buddy/scene";
import type { BuddyState } from "@/lib/sim/observe";
import type { Messages } from "@/lib/words/messages";

export interface ZoomChoice {
  readonly pages: number;
  readonly pfn: number;
}

const spans = [4096, 1024, 256, 64] as const;
/** Smaller zones fit in the picture page by page. */
const zoomAbove = 128;

/** What the picture shows; a zone above 4,096 pages in aggregate unless the reader chose a part. */
export function zoomFor(state: BuddyState, zoom: ZoomChoice | null): BuddyOptions["view"] {
  if (zoom === null || zoom.pages >= state.pages) return undefined;
  const last = state.startPfn + state.pages - zoom.pages;
  return { pfn: Math.max(state.startPfn, Math.min(last, zoom.pfn)), pages: zoom.pages };
}

interface ZoomProps {
  readonly state: BuddyState;
  readonly zoom: ZoomChoice | null;
  readonly onZoom: (zoom: ZoomChoice | null) => void;
  readonly words: (key: keyof Messages["play"], values?: Record<string, string | number>) => string;
}

export function Zoom({ state, zoom, onZoom, words }: ZoomProps) {
  if (state.pages <= zoomAbove) return null;
  const view = zoomFor(state, zoom);
  const move = (by: number) => {
    if (view) onZoom({ pages: view.pages, pfn: Math.max(state.startPfn, view.pfn + by * view.pages) });
  };
  const atStart = view !== undefined && view.pfn <= state.startPfn;
  const atEnd = view !== undefined && view.pfn + view.pages >= state.startPfn + state.pages;
  return (
    <div className="play-zoom">
      <label>
        {words("zoom")}{" "}
        <select
          className="console-select"
          value={view?.pages ?? "all"}
          onChange={(event) =>
            onZoom(
              event.target.value === "all"
                ? null
                : { pages: Number(event.target.value), pfn: zoom?.pfn ?? state.startPfn },
            )
          }
        >
          <option value="all">{words("zoomAll")}</option>
          {spans
            .filter((span) => span < state.pages)
            .map((span) => (
              <option key={span} value={span}>
                {words("zoomPages", { count: span })}
              </option>
            ))}
        </select>
      </label>
      {view && (
        <>
          <button
            type="button"
            className="button"
            aria-label={words("zoomEarlier")}
            aria-disabled={atStart || undefined}
            onClick={() => move(-1)}
          >
            ←
          </button>
          <span className="play-hint">{`${view.pfn} … ${view.pfn + view.pages - 1}`}</span>
          <button
            type="button"
            className="button"
            aria-label={words("zoomLater")}
            aria-disabled={atEnd || undefined}
            onClick={() => move(1)}
          >
            →
          </button>
        </>
      )}
      {(view?.pages ?? state.pages) > 256 && <p className="play-hint">{words("dense")}</p>}
    </div>
  );
}
