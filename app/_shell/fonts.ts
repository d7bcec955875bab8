// The two Latin fonts, from our own origin; Chinese is set in the reader's system font.
// Theory: both are fetched with the page, and until they are there text stands in a system font scaled to the same measures, so
//         that nothing moves when they arrive.
import localFont from "next/font/local";

const inter = localFont({
  src: "../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-sans",
  adjustFontFallback: "Arial",
  declarations: [
    {
      prop: "unicode-range",
      value:
        "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215",
    },
  ],
});

const jetBrainsMono = localFont({
  src: "../../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
  weight: "100 800",
  variable: "--font-mono",
  // Scaled from a proportional font a monospaced one would come out wrong.
  adjustFontFallback: false,
  declarations: [{ prop: "unicode-range", value: "U+0000-00FF, U+2000-206F, U+2191, U+2193, U+2212" }],
});

/** Class names for the root element; they define `--font-sans` and `--font-mono`. */
export const fonts = `${inter.variable} ${jetBrainsMono.variable}`;
