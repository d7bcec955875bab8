"use client";
// The live figure of the landing page. The server sends it complete; its script comes only when the browser has nothing better
// to do, and takes the picture over where it stands, so the page is quick and nothing moves.
import { lazy, Suspense } from "react";
import type { StepperProps } from "@/app/_figures/buddy/props";

function whenIdle(): Promise<void> {
  if (typeof window === "undefined") return Promise.resolve();
  return new Promise((resolve) => {
    if ("requestIdleCallback" in window) window.requestIdleCallback(() => resolve(), { timeout: 2_000 });
    else setTimeout(resolve, 500);
  });
}

const Stepper = lazy(async () => {
  await whenIdle();
  return { default: (await import("@/app/_figures/buddy/stepper.client")).Stepper };
});

export function Hero(props: StepperProps) {
  return (
    <Suspense>
      <Stepper {...props} />
    </Suspense>
  );
}
