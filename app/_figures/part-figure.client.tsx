"use client";
// Figures of parts by name, for pages: each part's code comes when a page shows it, drawn on the server all the same.
import { type ComponentType, lazy, Suspense } from "react";
import { useTranslations } from "use-intl";
import { isPartName, type PartName, sceneNames } from "@/lib/scenarios/names";
import type { AnyPart } from "./part";
import type { PartFigureProps, PartStepperProps } from "./part-props";
import { PartSandbox } from "./part-sandbox.client";
import { PartStepper } from "./part-stepper.client";
import { parts } from "./parts";

type Lazy<Props> = Readonly<Record<PartName, ComponentType<Props>>>;

/** `show` with each part, loaded when it is first drawn. */
export function lazyParts<Props extends object>(show: ComponentType<Props & { part: AnyPart }>): Lazy<Props> {
  const Show = show;
  const entries = sceneNames.filter(isPartName).map((name) => [
    name,
    lazy(async () => {
      const part = await parts[name]();
      return { default: (props: Props) => <Show {...props} part={part} /> };
    }),
  ]);
  return Object.fromEntries(entries) as Lazy<Props>;
}

const steppers = lazyParts<PartStepperProps>(PartStepper);
const sandboxes = lazyParts<PartFigureProps>(PartSandbox);

export function PartStepperFigure({ name, ...props }: PartStepperProps & { name: PartName }) {
  const Stepper = steppers[name];
  return (
    <Suspense fallback={<Loading />}>
      <Stepper {...props} />
    </Suspense>
  );
}

export function PartSandboxFigure({ name, ...props }: PartFigureProps & { name: PartName }) {
  const Sandbox = sandboxes[name];
  return (
    <Suspense fallback={<Loading />}>
      <Sandbox {...props} />
    </Suspense>
  );
}

export function Loading() {
  return <p className="fig">{useTranslations("scene")("loading")}</p>;
}
