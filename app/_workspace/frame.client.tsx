"use client";
// The workspace's frame: instructions | code | results, in three, two or one column, with splitters, tabs and the F6 round.
// Which layout applies is decided by CSS alone, so that the server's page is already right; script only follows.
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl/react";
import { Boundary } from "@/app/_result/boundary.client";
import { useCommands } from "@/app/_shell/commands.client";
import { rememberInCookie } from "@/app/_shell/cookie.client";
import { formatLayout, type Layout, layoutCookie, presets } from "./layout";
import { Splitter } from "./splitter.client";
import { Tabs, tabId } from "./tabs.client";
import { useShortcuts } from "./use-shortcuts.client";
import { useWidth } from "./use-width.client";

export const resultTabs = ["result", "timeline", "tests", "history"] as const;
export type ResultTab = (typeof resultTabs)[number];
export type Tab = ResultTab | "instructions";
const panes = ["read", "code", "result"] as const;
type Pane = (typeof panes)[number];

interface FrameProps {
  readonly title: string;
  readonly layout: Layout;
  readonly onLayout: (layout: Layout) => void;
  readonly read: ReactNode;
  readonly code: ReactNode;
  readonly runBar: ReactNode;
  readonly panels: Readonly<Partial<Record<ResultTab, ReactNode>>>;
  /** Null until somebody has chosen one. */
  readonly tab: Tab | null;
  readonly onTab: (tab: Tab) => void;
  readonly focusCode: () => void;
  readonly onRun: () => void;
  readonly onSubmit: () => void;
  readonly onSave: () => void;
}

export const panelId = (tab: Tab): string => (tab === "instructions" ? "read" : `panel-${tab}`);

export function Frame(props: FrameProps) {
  const { layout, onLayout, read, code, runBar, panels, tab, onTab, focusCode } = props;
  const t = useTranslations("workspace");
  const width = useWidth();
  const { openPalette } = useCommands();
  const [pane, setPane] = useState<Pane>("read");
  const root = useRef<HTMLDivElement>(null);
  const names = resultTabs.filter((name) => panels[name] !== undefined);
  const selected: Tab =
    width === "middle" ? (tab ?? "instructions") : tab === null || tab === "instructions" ? "result" : tab;

  useEffect(() => {
    const follow = () => setPane(panes.find((name) => `#${name}` === location.hash) ?? "read");
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);

  useEffect(() => rememberInCookie(layoutCookie, formatLayout(layout)), [layout]);
  useLayoutCommands(onLayout);

  const stations = () =>
    ["#read", "#code", "#run-bar", "#result"]
      .map((id) => root.current?.querySelector<HTMLElement>(id))
      .filter((element) => element?.checkVisibility());
  useShortcuts({
    run: props.onRun,
    submit: props.onSubmit,
    save: props.onSave,
    palette: openPalette,
    toResult: () => {
      if (width === "narrow") location.hash = "result";
      onTab("result");
      requestAnimationFrame(() => document.getElementById("result")?.focus());
    },
    cycle: (direction) => {
      const list = stations();
      const inside = list.findIndex((element) => element?.contains(document.activeElement));
      // The run bar lies in the code's pane: the inner one counts.
      const at = list.findLastIndex((element) => element?.contains(document.activeElement));
      const next = inside === -1 ? (direction === 1 ? 0 : list.length - 1) : at + direction;
      const target = list[next];
      if (!target) return false;
      if (target.id === "code") focusCode();
      else if (target.id === "run-bar") target.querySelector<HTMLElement>("button, a")?.focus();
      else target.focus();
      return true;
    },
  });

  function skipToCode(event: React.MouseEvent) {
    event.preventDefault();
    focusCode();
  }

  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it is a link; the click only carries the focus on, into the editor itself */}
      <a href="#code" className="skip-link" onClick={skipToCode}>
        {t("skip.editor")}
      </a>
      <a href="#result" className="skip-link">
        {t("skip.result")}
      </a>
      <div
        ref={root}
        className="workspace"
        data-pane={pane}
        data-tab={tab ?? "none"}
        style={{ "--read": `${layout.read}%`, "--result": `${layout.result}%` } as React.CSSProperties}
        data-read-folded={layout.read === 0 || undefined}
        data-result-folded={layout.result === 0 || undefined}
      >
        {/* On a phone the instructions, and the heading in them, are put away while another pane is shown. */}
        <h1 className="visually-hidden pane-title">{props.title}</h1>
        <section id="read" className="pane pane-read" tabIndex={-1} aria-label={t("pane.instructions")}>
          {read}
        </section>
        <Splitter column="read" controls="read" layout={layout} onChange={onLayout} />
        <section id="code" className="pane pane-code" tabIndex={-1} aria-label={t("pane.code")}>
          {code}
          {runBar}
        </section>
        <Splitter column="result" controls="result" layout={layout} onChange={onLayout} />
        <section id="result" className="pane pane-result" tabIndex={-1} aria-label={t("pane.result")}>
          <Tabs
            label={t("tab.results")}
            names={width === "middle" ? (["instructions", ...names] as const) : names}
            words={(name) => t(`tab.${name}`)}
            selected={selected}
            onSelect={onTab}
            panelId={panelId}
          />
          {names.map((name) => (
            <div
              key={name}
              id={panelId(name)}
              role="tabpanel"
              aria-labelledby={tabId(panelId(name))}
              className="panel-body"
              data-panel={name}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a panel without a focusable element must be reachable to scroll it
              tabIndex={0}
              hidden={name !== selected && !(selected === "instructions" && name === "result")}
            >
              <h2 className="visually-hidden">{t(`tab.${name}`)}</h2>
              <Boundary>
                {(name === selected || (selected === "instructions" && name === "result")) && panels[name]}
              </Boundary>
            </div>
          ))}
        </section>
        <nav className="pane-bar" aria-label={t("tab.panes")}>
          {panes.map((name) => (
            <a key={name} href={`#${name}`} aria-current={pane === name || undefined}>
              {t(`tab.${name}`)}
            </a>
          ))}
        </nav>
      </div>
    </>
  );
}

/** Layouts for the palette: the way to change widths without dragging or arrow keys. */
function useLayoutCommands(onLayout: (layout: Layout) => void) {
  const t = useTranslations("workspace");
  const { register } = useCommands();
  const apply = useRef(onLayout);
  apply.current = onLayout;
  useEffect(() => {
    const commands = [
      { id: "layout-reset", label: t("layout.reset"), layout: presets.balanced },
      { id: "layout-read", label: t("layout.readPreset"), layout: presets.read },
      { id: "layout-code", label: t("layout.codePreset"), layout: presets.code },
      { id: "layout-debug", label: t("layout.debugPreset"), layout: presets.debug },
    ];
    const ends = commands.map(({ id, label, layout }) => register({ id, label, run: () => apply.current(layout) }));
    return () => {
      for (const end of ends) end();
    };
  }, [register, t]);
}
