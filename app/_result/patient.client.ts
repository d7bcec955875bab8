"use client";
// Parts of the page that are fetched when they are needed. Offline they wait instead of failing: the rest of the page works on.

const pauseMs = 2_000;

export async function patient<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      // A chunk that cannot be fetched now: tried again when the connection is back, or a little later.
      await new Promise<void>((resolve) => {
        setTimeout(resolve, pauseMs);
        window.addEventListener("online", () => resolve(), { once: true });
      });
    }
  }
}

const loadTimeline = () => import("./timeline.client");
const loadExpectedYours = () => import("@/app/_figures/buddy/expected-yours.client");

export const timelinePart = () => patient(loadTimeline).then((m) => ({ default: m.Timeline }));
export const expectedYoursPart = () => patient(loadExpectedYours).then((m) => ({ default: m.ExpectedYours }));

/** Fetches them ahead, so that a result can be drawn even if the connection goes. */
export function fetchParts(): void {
  void loadTimeline().catch(() => undefined);
  void loadExpectedYours().catch(() => undefined);
}
