// The theme a visitor chose: kept in a cookie so that the first byte of HTML already has it and nothing flashes.
export const themes = ["system", "light", "dark", "contrast"] as const;
export type Theme = (typeof themes)[number];

export const themeCookie = "theme";

export function toTheme(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}
