/** The query parameter of the sign-in page that says where to go afterwards. */
export const returnParameter = "next";

/** The path of a sign-in page that leads back to `back`. */
export function withReturn(path: string, back: string | undefined): string {
  return back === undefined ? path : `${path}?${returnParameter}=${encodeURIComponent(back)}`;
}
