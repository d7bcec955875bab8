// Sentences put together.

/** English puts a space between sentences, Chinese does not. */
export function joinSentences(sentences: readonly string[]): string {
  return sentences.reduce((text, next) => {
    if (text === "" || next === "") return text + next;
    return /[。！？；：]$/u.test(text) ? text + next : `${text} ${next}`;
  }, "");
}
