// ::question in a lesson -> the check question in the reader's language.
import type { QuestionFile } from "@/lib/course/figures-file";
import type { Locale } from "@/lib/words/text";
import { type LocalQuestion, Question } from "./question.client";

interface LessonQuestionProps {
  readonly locale: Locale;
  readonly id: string;
  readonly lesson: string;
  readonly stored: boolean;
  readonly question: QuestionFile;
}

export function LessonQuestion({ locale, question, ...rest }: LessonQuestionProps) {
  return <Question {...rest} question={inLanguage(question, locale)} />;
}

function inLanguage(question: QuestionFile, locale: Locale): LocalQuestion {
  if (question.kind === "numbers")
    return { kind: "numbers", ask: question.ask[locale], answer: question.answer, why: question.why[locale] };
  const options = question.options.map(({ text, right, why }) => ({
    text: text[locale],
    right: right === true,
    why: why[locale],
  }));
  return { kind: "choice", ask: question.ask[locale], options };
}
