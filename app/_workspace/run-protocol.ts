// What the page and its worker say to each other.
import type { PublicExercise } from "@/lib/course/exercise";
import type { Verdict } from "@/lib/grader/verdict";
import type { Case } from "@/lib/slots/slot";

export type RunRequest =
  | { readonly type: "warm"; readonly engineUrl: string }
  | {
      readonly type: "grade";
      readonly id: number;
      readonly engineUrl: string;
      readonly exercise: PublicExercise;
      readonly source: string;
      readonly ownCases: readonly Case[];
    };

export type RunAnswer =
  | { readonly type: "verdict"; readonly id: number; readonly verdict: Verdict; readonly ms: number }
  | { readonly type: "failed"; readonly id: number; readonly reason: string };
