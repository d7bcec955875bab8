// The fields of a predict exercise -> the lists that are handed in.

export interface ParsedAnswers {
  /** Question -> order -> pfns, head first; null for a question whose fields are all empty. */
  readonly answers: readonly (readonly (readonly number[])[] | null)[];
  /** Fields that hold something else than page numbers. */
  readonly wrong: readonly { readonly question: number; readonly order: number }[];
}

/** Numbers may be separated by spaces, commas or arrows, in either width. */
export function parseAnswers(texts: readonly (readonly string[])[]): ParsedAnswers {
  const wrong: { question: number; order: number }[] = [];
  const answers = texts.map((fields, question) => {
    if (fields.every((field) => field.trim() === "")) return null;
    return fields.map((field, order) => {
      const words = field.split(/[\s,，、→>-]+/u).filter((word) => word !== "");
      if (words.some((word) => !/^\d{1,7}$/.test(word))) {
        wrong.push({ question, order });
        return [];
      }
      return words.map(Number);
    });
  });
  return { answers, wrong };
}
