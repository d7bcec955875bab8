"use client";
// A modal dialog on the browser's own <dialog>: focus inside, Esc closes, the page behind is inert, focus returns to the opener.
import { type ReactNode, useEffect, useId, useRef } from "react";

interface DialogProps {
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly hideTitle?: true;
}

export function Dialog({ title, closeLabel, onClose, children, hideTitle }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    const opener = document.activeElement;
    if (!dialog.open) dialog.showModal();
    // The browser would take the first button; what the dialog is for comes first.
    dialog.querySelector<HTMLElement>("[data-first-focus]")?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onClose={onClose}
      // A click outside closes it, where the browser knows this; React's types do not yet.
      {...{ closedby: "any" }}
      className="m-auto mt-[10vh] max-h-[80vh] w-[min(40rem,calc(100vw-2rem))] rounded-lg border border-edge bg-ground p-0 text-ink shadow-2xl"
    >
      <div className="flex max-h-[80vh] flex-col">
        <div
          className={
            hideTitle
              ? "visually-hidden"
              : "flex items-center justify-between gap-4 border-b border-edge-soft px-5 py-3"
          }
        >
          <h2 id={titleId} className="text-lg">
            {title}
          </h2>
          <button type="button" className="button button-quiet" onClick={onClose}>
            {closeLabel}
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
