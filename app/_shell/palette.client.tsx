"use client";
// The command palette: pages, lessons, exercises and the commands of the page shown. A combobox over a list box (ARIA APG):
// focus stays in the text field, arrows move the active option, Enter opens it.
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { useTranslations } from "use-intl/react";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import type { Command } from "./commands.client";
import { Dialog } from "./dialog.client";
import { type Entry, search } from "./palette-entries";

interface PaletteProps {
  readonly locale: Locale;
  readonly commands: ReadonlyMap<string, Command>;
  readonly onClose: () => void;
  readonly onShortcuts: () => void;
}

type Loaded = { state: "loading" } | { state: "failed" } | { state: "loaded"; entries: readonly Entry[] };

/** Pages and course content, fetched when the palette opens; the browser's cache answers the next time. */
function useEntries(locale: Locale): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({ state: "loading" });
  useEffect(() => {
    const abort = new AbortController();
    fetch(paths.api.palette(locale), { signal: abort.signal })
      .then(async (response) => {
        if (!response.ok) throw new Error(`the palette answered ${response.status}`);
        setLoaded({ state: "loaded", entries: (await response.json()) as Entry[] });
      })
      .catch(() => {
        if (!abort.signal.aborted) setLoaded({ state: "failed" });
      });
    return () => abort.abort();
  }, [locale]);
  return loaded;
}

export function Palette({ locale, commands, onClose, onShortcuts }: PaletteProps) {
  const t = useTranslations("shell.palette");
  const shell = useTranslations("shell");
  const router = useRouter();
  const listId = useId();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const loaded = useEntries(locale);

  const own: Entry[] = [
    ...[...commands.values()].map(({ id, label }) => ({ kind: "command" as const, id, label })),
    { kind: "command", id: "shortcuts", label: t("showShortcuts") },
  ];
  const found = search(
    [...own.slice(0, -1), ...(loaded.state === "loaded" ? loaded.entries : []), ...own.slice(-1)],
    query,
  );
  const chosen = found[Math.min(active, found.length - 1)];

  function open(entry: Entry) {
    if (entry.id === "shortcuts") return onShortcuts();
    onClose();
    if (entry.href !== undefined) router.push(entry.href);
    else commands.get(entry.id)?.run();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || found.length === 0) return;
    const at = Math.min(active, found.length - 1);
    const next = { ArrowDown: (at + 1) % found.length, ArrowUp: (at + found.length - 1) % found.length }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setActive(next);
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && chosen !== undefined) {
      event.preventDefault();
      open(chosen);
    }
  }

  return (
    <Dialog title={t("title")} closeLabel={shell("close")} onClose={onClose}>
      <div className="p-4 pb-3">
        <input
          type="text"
          role="combobox"
          className="field"
          data-first-focus
          autoComplete="off"
          spellCheck={false}
          aria-label={t("input")}
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={chosen === undefined ? undefined : `${listId}-${found.indexOf(chosen)}`}
          placeholder={t("placeholder")}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <p role="status" className="visually-hidden">
          {loaded.state === "loading" ? shell("loading") : t("results", { count: found.length })}
        </p>
        {loaded.state === "failed" && <p className="mt-2 text-sm text-bad">{t("failed")}</p>}
      </div>
      <div className="flex min-h-64 flex-1 flex-col overflow-hidden px-2 pb-2">
        <div id={listId} role="listbox" aria-label={t("title")} className="min-h-0 overflow-y-auto">
          {found.map((entry, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: keys belong to the combobox, which holds the focus
            <div
              key={`${entry.kind}-${entry.id}`}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={entry === chosen}
              className="flex min-h-(--control) cursor-pointer items-center justify-between gap-4 rounded-md border border-transparent px-3 py-1.5 aria-selected:border-edge aria-selected:bg-accent-ground"
              onClick={() => open(entry)}
              onMouseMove={() => setActive(index)}
            >
              <span>{entry.label}</span>
              <span className="shrink-0 text-sm text-ink-soft">{t(`groups.${entry.kind}`)}</span>
            </div>
          ))}
        </div>
        {loaded.state === "loading" && <p className="px-3 py-1.5 text-ink-soft">{shell("loading")}</p>}
        {loaded.state !== "loading" && found.length === 0 && (
          <p className="px-3 py-1.5 text-ink-soft">{t("nothing", { query })}</p>
        )}
      </div>
      <p className="border-t border-edge-soft px-5 py-2 text-sm text-ink-soft">{t("help")}</p>
    </Dialog>
  );
}
