// What a visitor prefers, as far as the server must know it before the first paint. All of it lives in cookies, so it also
// works signed out; signing in copies the account's language there.
import { cookies } from "next/headers";
import { type Theme, themeCookie, toTheme } from "./theme";

export const singleKeysCookie = "single-keys";
export const simpleEditorCookie = "simple-editor";

export interface Preferences {
  readonly theme: Theme;
  /** Shortcuts of one letter without Ctrl or Cmd. */
  readonly singleKeys: boolean;
  /** A plain text area instead of the full code editor. */
  readonly simpleEditor: boolean;
}

export async function preferences(): Promise<Preferences> {
  const jar = await cookies();
  return {
    theme: toTheme(jar.get(themeCookie)?.value),
    singleKeys: jar.get(singleKeysCookie)?.value !== "off",
    simpleEditor: jar.get(simpleEditorCookie)?.value === "on",
  };
}
