"use client";
// A form with its messages: the problem above it, focus on the first wrong field, and a button that says it is at work.
// It works before and without JavaScript: the action is a server action and the fields keep their values either way.
import { type ReactNode, useActionState, useEffect, useRef } from "react";
import { announce } from "@/app/_shell/announce.client";
import { emptyForm, type FormState } from "./form-state-type";

interface FormProps {
  readonly action: (state: FormState, form: FormData) => Promise<FormState>;
  readonly children: (state: FormState) => ReactNode;
  readonly submit: string;
  readonly label?: string;
  readonly danger?: true;
}

export function Form({ action, children, submit, label, danger }: FormProps) {
  const [state, run, pending] = useActionState(action, emptyForm);
  const ref = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (state.problem !== null) {
      const wrong = ref.current?.querySelector<HTMLElement>("[aria-invalid=true]");
      if (wrong) wrong.focus();
      else announce(state.problem, "assertive");
    } else if (state.done !== null) announce(state.done);
  }, [state]);
  return (
    <form ref={ref} action={run} noValidate aria-label={label} className="grid gap-5">
      {state.problem !== null && (
        <p className="rounded-md border-2 border-bad px-3 py-2">
          <span aria-hidden="true" className="mr-2 font-bold text-bad">
            ✗
          </span>
          {state.problem}
        </p>
      )}
      {children(state)}
      <div className="flex flex-wrap items-center gap-4">
        <button
          type="submit"
          aria-disabled={pending}
          onClick={(event) => pending && event.preventDefault()}
          className={danger ? "button button-danger min-h-10 px-5" : "button button-primary min-h-10 px-5"}
        >
          {submit}
        </button>
        {state.done !== null && !pending && (
          <p className="text-good">
            <span aria-hidden="true">✓ </span>
            {state.done}
          </p>
        )}
      </div>
    </form>
  );
}
