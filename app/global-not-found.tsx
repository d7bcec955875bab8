// Shown for an address that no page has. It stands outside every layout, so it brings the frame itself.
import type { Viewport } from "next";
import "./globals.css";
import { Frame } from "./_shell/frame";
import { localeOfRequest, NotFoundMessage } from "./_shell/not-found-message";

export const viewport: Viewport = { width: "device-width", initialScale: 1, interactiveWidget: "resizes-content" };

// biome-ignore lint/style/noDefaultExport: Next demands it
export default async function UnknownAddress() {
  return (
    <Frame locale={await localeOfRequest()}>
      <NotFoundMessage />
    </Frame>
  );
}
