"use client";
// Ways out of the playground: a link, a file, a picture, a case for an exercise.
import { type RefObject, useState } from "react";
import { useTranslations } from "use-intl";
import type { Session } from "@/app/_figures/buddy/session";
import { announce } from "@/app/_shell/announce.client";
import { standaloneSvg } from "./standalone-svg.client";

interface ShareProps {
  readonly session: Session;
  readonly link: () => string;
  readonly picture: RefObject<HTMLElement | null>;
}

export function Share({ session, link, picture }: ShareProps) {
  const words = useTranslations("play");
  const [status, setStatus] = useState<{ kind: "idle" } | { kind: "copied" } | { kind: "by-hand"; text: string }>({
    kind: "idle",
  });
  const ops = session.ops.slice(0, session.at);
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
  const asCase = () => JSON.stringify({ name: "from-playground", group: "", config: session.config, ops }, null, 2);
  const saveSvg = () => {
    const svg = picture.current?.querySelector<SVGSVGElement>("svg.fig-svg");
    if (svg) save("buddy.svg", "image/svg+xml", standaloneSvg(svg));
  };
  return (
    <section className="play-share" aria-labelledby="play-share-title">
      <h2 id="play-share-title">{words("share")}</h2>
      <div className="console-buttons">
        <button type="button" className="button" onClick={() => copy(link())}>
          {words("copyLink")}
        </button>
        <button type="button" className="button" onClick={() => copy(asCase())}>
          {words("copyCase")}
        </button>
        <button
          type="button"
          className="button"
          onClick={() =>
            save(
              "buddy.json",
              "application/json",
              JSON.stringify(
                { config: session.config, ops, states: session.run.states.slice(0, session.at + 1) },
                null,
                2,
              ),
            )
          }
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
