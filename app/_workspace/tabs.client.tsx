"use client";
// A row of tabs with arrow keys (APG tabs, automatic activation). The panels are placed by whoever uses it.
import { type KeyboardEvent, useRef } from "react";

interface TabsProps<Name extends string> {
  readonly label: string;
  readonly names: readonly Name[];
  readonly words: (name: Name) => string;
  readonly selected: Name;
  readonly onSelect: (name: Name) => void;
  readonly panelId: (name: Name) => string;
  readonly className?: string;
}

export const tabId = (panel: string): string => `${panel}-tab`;

export function Tabs<Name extends string>({
  label,
  names,
  words,
  selected,
  onSelect,
  panelId,
  className,
}: TabsProps<Name>) {
  const row = useRef<HTMLDivElement>(null);

  function onKeyDown(event: KeyboardEvent) {
    const at = names.indexOf(selected);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = names[(to + names.length) % names.length]!;
    onSelect(next);
    row.current?.querySelector<HTMLElement>(`#${CSS.escape(tabId(panelId(next)))}`)?.focus();
  }

  return (
    <div ref={row} role="tablist" aria-label={label} className={className ?? "tabs"} onKeyDown={onKeyDown}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={tabId(panelId(name))}
          aria-selected={name === selected}
          aria-controls={panelId(name)}
          tabIndex={name === selected ? 0 : -1}
          className="tab"
          data-tab={name}
          onClick={() => onSelect(name)}
        >
          {words(name)}
        </button>
      ))}
    </div>
  );
}
