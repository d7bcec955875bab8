// What the server gives to the page of an exercise. Plain data and finished pieces of page; nothing hidden, no solution.
import type { ReactNode } from "react";
import type { Shown } from "@/app/_result/model";
import type { PublicExercise } from "@/lib/course/exercise";
import type { Locale } from "@/lib/words/text";
import type { ServerDraft } from "./draft";
import type { Layout } from "./layout";
import type { SubmissionLine } from "./submission";

export interface WorkspaceProps {
  readonly locale: Locale;
  readonly courseSlug: string;
  readonly exercise: PublicExercise;
  readonly userId: string | null;
  readonly draft: ServerDraft | null;
  readonly layout: Layout;
  readonly simpleEditor: boolean;
  readonly simpleEditorCookie: string;
  readonly engineUrl: string;
  readonly submissions: readonly SubmissionLine[];
  /** A submission that is still waiting or being graded. */
  readonly open: string | null;
  /** How long grading usually takes; null if nobody has submitted yet. */
  readonly typicalSeconds: number | null;
  /** The last graded result. */
  readonly last: Shown | null;
  readonly heading: ReactNode;
  /** The author's prompt. */
  readonly instructions: ReactNode;
  /** Names of the functions to write. */
  readonly functions: readonly string[];
  readonly hints: readonly ReactNode[];
  /** The code to begin with, highlighted. */
  readonly highlighted: ReactNode;
  readonly next: { readonly href: string; readonly title: string } | null;
}
