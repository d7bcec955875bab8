"use client";
// Which block in use to free, by name and page, and the button that does it.
import { useId, useState } from "react";
import type { FigureWords } from "../words";

interface FreeChoiceProps {
  readonly blocks: readonly { readonly pfn: number; readonly name: string }[];
  /** A block that was clicked in the picture: chosen until the reader chooses another. */
  readonly picked?: number | null;
  readonly words: FigureWords;
  readonly onFree: (pfn: number) => void;
}

export function FreeChoice({ blocks, picked = null, words, onFree }: FreeChoiceProps) {
  const id = useId();
  const [wanted, setWanted] = useState("");
  const of = (pfn: string) => blocks.find((block) => String(block.pfn) === pfn);
  const chosen = of(wanted) ?? of(String(picked)) ?? blocks[0];
  return (
    <span className="fig-free">
      <label className="visually-hidden" htmlFor={id}>
        {words("freeWhich")}
      </label>
      <select id={id} value={chosen?.pfn ?? ""} onChange={(event) => setWanted(event.target.value)}>
        {blocks.length === 0 && <option value="">{words("nothingToFree")}</option>}
        {blocks.map((block) => (
          <option key={block.pfn} value={block.pfn}>
            {`${block.name}: ${block.pfn}`}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="button"
        aria-disabled={chosen === undefined || undefined}
        onClick={() => {
          if (chosen) onFree(chosen.pfn);
        }}
      >
        {words("freeChoose")}
      </button>
    </span>
  );
}
