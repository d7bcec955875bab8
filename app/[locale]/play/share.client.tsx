"use client";
// Ways out of the playground: a link, a file, a picture, a case for an exercise.
import { type RefObject, useState } from "react";
import { useTranslations } from "use-intl";
import { announce } from "@/app/_shell/announce.client";
import { standaloneSvg } from "./standalone-svg.client";

interface ShareProps {
  /** Of the files that are saved. */
  readonly name: string;
  readonly link: () => string;
  /** A case for an exercise, where there are exercises about this. */
  readonly exerciseCase: (() => unknown) | null;
  /** Configuration, operations and states. */
  readonly data: () => unknown;
  readonly picture: RefObject<HTMLElement | null>;
}

const asJson = (value: unknown) => JSON.stringify(value, null, 2);

export function Share({ name, link, exerciseCase, data, picture }: ShareProps) {
  const words = useTranslations("play");
  const [status, setStatus] = useState<{ kind: "idle" } | { kind: "copied" } | { kind: "by-hand"; text: string }>({
    kind: "idle",
  });
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      setStatus({ kind: "copied" });
      announce(words("copied"));
    } catch {
      // No permission or no secure context: the visitor can still copy it.
      setStatus({ kind: "by-hand", text });
      announce(words("copyFailed"));
    }
  };
  const saveSvg = () => {
    const svg = picture.current?.querySelector<SVGSVGElement>("svg.fig-svg");
    if (svg) save(`${name}.svg`, "image/svg+xml", standaloneSvg(svg));
  };
  return (
    <section className="play-share" aria-labelledby="play-share-title">
      <h2 id="play-share-title">{words("share")}</h2>
      <div className="console-buttons">
        <button type="button" className="button" onClick={() => copy(link())}>
          {words("copyLink")}
        </button>
        {exerciseCase && (
          <button type="button" className="button" onClick={() => copy(asJson(exerciseCase()))}>
            {words("copyCase")}
          </button>
        )}
        <button
          type="button"
          className="button"
          onClick={() => save(`${name}.json`, "application/json", asJson(data()))}
        >
          {words("exportJson")}
        </button>
        <button type="button" className="button" onClick={saveSvg}>
          {words("exportSvg")}
        </button>
      </div>
      {status.kind === "copied" && <p className="play-hint">✓ {words("copied")}</p>}
      {status.kind === "by-hand" && (
        <>
          <p className="play-hint">{words("copyFailed")}</p>
          <textarea
            className="field"
            aria-label={words("copyText")}
            readOnly
            rows={4}
            value={status.text}
            onFocus={(event) => event.target.select()}
          />
        </>
      )}
    </section>
  );
}

function save(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(url);
}
