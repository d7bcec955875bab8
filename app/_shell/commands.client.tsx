"use client";
// Keys and commands of the whole site: the palette (Ctrl/Cmd+K), the list of shortcuts (?), and the register in which a page
// enters its own commands while it is shown. Both dialogs are loaded when they are first opened.
import { createContext, lazy, type ReactNode, Suspense, useContext, useEffect, useMemo, useRef, useState } from "react";
import type { Locale } from "@/lib/words/text";

const Palette = lazy(() => import("./palette.client").then((m) => ({ default: m.Palette })));
const ShortcutList = lazy(() => import("./shortcut-list.client").then((m) => ({ default: m.ShortcutList })));

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly run: () => void;
}

interface Commands {
  openPalette(): void;
  openShortcuts(): void;
  /** Puts a command into the palette until the returned function is called. */
  register(command: Command): () => void;
  /** False when the visitor switched single-key shortcuts off: then only combinations with Ctrl, Cmd or F-keys may act. */
  readonly singleKeys: boolean;
}

const Context = createContext<Commands | null>(null);

export function useCommands(): Commands {
  const commands = useContext(Context);
  if (commands === null) throw new Error("useCommands needs the <CommandsProvider> of the layout");
  return commands;
}

/** True where letters are text, so that they must not act as shortcuts. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable || target.closest("input, textarea, select, [role=textbox], [role=combobox]") !== null
  );
}

type Open = "nothing" | "palette" | "shortcuts";

export function CommandsProvider(props: { locale: Locale; singleKeys: boolean; children: ReactNode }) {
  const { singleKeys } = props;
  const [open, setOpen] = useState<Open>("nothing");
  const registered = useRef(new Map<string, Command>());

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.isComposing || event.defaultPrevented) return;
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen((now) => (now === "palette" ? "nothing" : "palette"));
      } else if (singleKeys && event.key === "?" && !event.ctrlKey && !event.metaKey && !isTyping(event)) {
        event.preventDefault();
        setOpen("shortcuts");
      }
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [singleKeys]);

  const commands = useMemo<Commands>(
    () => ({
      openPalette: () => setOpen("palette"),
      openShortcuts: () => setOpen("shortcuts"),
      register(command) {
        registered.current.set(command.id, command);
        return () => registered.current.delete(command.id);
      },
      singleKeys,
    }),
    [singleKeys],
  );

  const close = () => setOpen("nothing");
  return (
    <Context value={commands}>
      {props.children}
      <Suspense>
        {open === "palette" && (
          <Palette
            locale={props.locale}
            commands={registered.current}
            onClose={close}
            onShortcuts={commands.openShortcuts}
          />
        )}
        {open === "shortcuts" && <ShortcutList singleKeys={singleKeys} onClose={close} />}
      </Suspense>
    </Context>
  );
}
