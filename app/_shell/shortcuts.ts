// The keys of the site, as the list behind `?` shows them. Each group belongs to one kind of page.
// A shortcut is a list of steps; a step is a list of keys pressed together; "/" separates alternatives.

export interface Shortcut {
  readonly action: string;
  readonly keys: readonly (readonly string[])[];
  /** A single letter: gone when the visitor switches such shortcuts off. */
  readonly single?: true;
}

export const shortcutGroups = {
  everywhere: [
    { action: "palette", keys: [["Ctrl", "K"]] },
    { action: "list", keys: [["?"]], single: true },
  ],
  workspace: [
    { action: "run", keys: [["Ctrl", "Enter"]] },
    { action: "submit", keys: [["Ctrl", "Shift", "Enter"]] },
    { action: "save", keys: [["Ctrl", "S"]] },
    { action: "nextPane", keys: [["F6"]] },
    { action: "previousPane", keys: [["Shift", "F6"]] },
    { action: "result", keys: [["Ctrl", "Shift", "J"]] },
    { action: "tabFocus", keys: [["Ctrl", "M"]] },
    { action: "leaveEditor", keys: [["Esc"], ["Tab"]] },
  ],
  scrubber: [
    { action: "step", keys: [["← →"]] },
    { action: "tenSteps", keys: [["Shift", "← →"]] },
    { action: "operation", keys: [["Page Up / Page Down"]] },
    { action: "ends", keys: [["Home / End"]] },
    { action: "divergence", keys: [["D"]], single: true },
    { action: "emphasis", keys: [["E"]], single: true },
    { action: "play", keys: [["Space"]] },
  ],
  figure: [
    { action: "enter", keys: [["Enter"]] },
    { action: "move", keys: [["← → ↑ ↓"]] },
    { action: "inspect", keys: [["Enter"]] },
    { action: "leave", keys: [["Esc"]] },
  ],
} as const satisfies Record<string, readonly Shortcut[]>;
