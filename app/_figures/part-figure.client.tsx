"use client";
// Figures of parts in a lesson. The server has drawn the first state; simulator and controls come when the reader comes near, so a
// lesson costs nothing for figures that nobody reaches.
import "./console.css";
import "./figures.css";
import { type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import type { PartName } from "@/lib/scenarios/names";
import { lazyParts } from "./lazy-parts.client";
import type { PartFigureProps, PartPredictProps, PartStepperProps } from "./part-props";

const steppers = lazyParts<PartStepperProps>(async () => (await import("./part-stepper.client")).PartStepper);
const sandboxes = lazyParts<PartFigureProps>(async () => (await import("./part-sandbox.client")).PartSandbox);

const predictions = lazyParts<PartPredictProps>(async () => (await import("./part-predict.client")).PartPredict);

interface Deferred {
  readonly name: PartName;
  /** The figure as the server drew it. */
  readonly children: ReactNode;
}

export function PartStepperFigure({ name, children, ...props }: PartStepperProps & Deferred) {
  const Stepper = steppers[name];
  return (
    <WhenNear still={children}>
      <Stepper {...props} />
    </WhenNear>
  );
}

export function PartSandboxFigure({ name, children, ...props }: PartFigureProps & Deferred) {
  const Sandbox = sandboxes[name];
  return (
    <WhenNear still={children}>
      <Sandbox {...props} />
    </WhenNear>
  );
}

export function PartPredictFigure({ name, children, ...props }: PartPredictProps & Deferred) {
  const Predict = predictions[name];
  return (
    <WhenNear still={children}>
      <Predict {...props} />
    </WhenNear>
  );
}

/** How far below the window a figure begins to load: far enough that it has grown its controls before it is seen. */
const nearPixels = 900;

function WhenNear({ still, children }: { still: ReactNode; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element || near) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: `${nearPixels}px 0px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [near]);
  return <div ref={place}>{near ? <Suspense fallback={still}>{children}</Suspense> : still}</div>;
}
