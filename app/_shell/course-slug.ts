/** The one course of this site so far; the folder exercises/ holds it. */
export const courseSlug = "linux-mm";
