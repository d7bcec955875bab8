// Ways out of an editor in which Tab indents: Esc, then Tab or Shift+Tab, once; or a key that changes what Tab does.

const openWidgets =
  ".suggest-widget.visible, .find-widget.visible, .parameter-hints-widget.visible, .rename-box, .context-view .monaco-menu, .quick-input-widget:not([style*='display: none'])";

/** Listens before the editor does; a Tab after Esc is kept from it, so the browser moves the focus. Returns how to stop. */
export function leaveOnEscTab(host: HTMLElement, nothingSelected: () => boolean): () => void {
  let armed = false;
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") armed = nothingSelected() && document.querySelector(openWidgets) === null;
    else if (event.key === "Tab" && armed) {
      armed = false;
      event.stopPropagation();
    } else if (event.key !== "Shift") armed = false;
  }
  const disarm = () => {
    armed = false;
  };
  host.addEventListener("keydown", onKeyDown, { capture: true });
  host.addEventListener("mousedown", disarm);
  return () => {
    host.removeEventListener("keydown", onKeyDown, { capture: true });
    host.removeEventListener("mousedown", disarm);
  };
}

/** Ctrl+M (Ctrl+Shift+M on a Mac) in the editor. Returns how to stop. */
export function onTabToggle(host: HTMLElement, toggle: () => void): () => void {
  function onKeyDown(event: KeyboardEvent) {
    if (event.key.toLowerCase() !== "m" || !event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    toggle();
  }
  host.addEventListener("keydown", onKeyDown, { capture: true });
  return () => host.removeEventListener("keydown", onKeyDown, { capture: true });
}
