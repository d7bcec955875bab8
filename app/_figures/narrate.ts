// Moments in words: the sentences of any part put together. Pure; what is announced is also what stands under the picture.
import type { AnyMoment, AnyPart } from "./part";
import { joinSentences } from "./sentences";
import type { AnyWords, FigureWords } from "./words";

/** What happened in one step, without the name of its operation. */
export function sentenceOf(part: AnyPart, moment: AnyMoment, words: AnyWords, shared: FigureWords): string {
  const { figure } = part;
  if (moment.line === null) return shared("stepStart", { summary: figure.summarize(moment.state, words) });
  const told = moment.events.flatMap((event) => figure.tell(event, words, moment) ?? []);
  const said = joinSentences([...told, ...figure.conclude(moment, words)]);
  return said === "" ? shared("stepNothing") : said;
}

/** The step as it is announced: an operation's name is said once. */
export function announceMoment(
  part: AnyPart,
  previous: AnyMoment | null,
  next: AnyMoment,
  words: AnyWords,
  shared: FigureWords,
): string {
  const sentence = sentenceOf(part, next, words, shared);
  if (next.line === null || previous?.at === next.at) return sentence;
  return shared("stepSaid", { label: next.line, sentence });
}

/** Longer stories are cut: the list of steps has them all. */
const mostAnnounced = 6;

/** A whole operation at once, for those who do not step through it. */
export function announceOperation(
  part: AnyPart,
  moments: readonly AnyMoment[],
  words: AnyWords,
  shared: FigureWords,
): string {
  const told = moments.length > mostAnnounced ? [...moments.slice(0, mostAnnounced - 1), moments.at(-1)!] : moments;
  const sentence = joinSentences(told.map((moment) => sentenceOf(part, moment, words, shared)));
  const line = moments.at(-1)?.line ?? null;
  return line === null ? sentence : shared("stepSaid", { label: line, sentence });
}
