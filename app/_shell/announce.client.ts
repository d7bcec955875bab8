"use client";
// The one live region of a page. Figures, results and forms speak through announce(); nothing else carries aria-live.

import { liveRegionId } from "./live-region-ids";

/** Held keys produce many sentences a second; only the last one within this time is spoken. */
const settleMs = 250;

/** Says a sentence to screen readers. `assertive` interrupts: for errors that stop the visitor's work. */
export function announce(sentence: string, urgency: keyof typeof liveRegionId = "polite"): void {
  const region = document.getElementById(liveRegionId[urgency]);
  if (region === null) return;
  window.clearTimeout(Number(region.dataset.timer));
  // Emptied first, so that the same sentence twice is spoken twice.
  region.textContent = "";
  region.dataset.timer = String(window.setTimeout(() => (region.textContent = sentence), settleMs));
}
