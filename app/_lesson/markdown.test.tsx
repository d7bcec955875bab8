import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "@/lib/course/render";
import type { Locale } from "@/lib/words/text";
import { type Placements, Prose } from "./markdown";

async function shown(source: string, placements?: Placements, locale: Locale = "en"): Promise<string> {
  const tree = await renderMarkdown(source, locale);
  return renderToStaticMarkup(<Prose tree={tree} locale={locale} placements={placements} />);
}

describe("course Markdown on the page", () => {
  it("gives a term a button that is described by its card, in both languages", async () => {
    const html = await shown(":term[阶]{id=order}", undefined, "zh-CN");
    const [, describedBy] = /<button[^>]*aria-describedby="([^"]+)"/.exec(html) ?? [];
    expect(html).toContain(`role="tooltip" id="${describedBy}"`);
    expect(html).toContain('<span lang="en">(order)</span>');
  });

  it("puts what the page places where the author named it, and nothing where the page places nothing", async () => {
    const source = "before\n\n::figure{id=one}\n\n::exercise{slug=two}\n\nafter";
    const placements = { figure: (id: string, number: number) => <b>{`${number} ${id}`}</b> };
    const html = await shown(source, placements);
    expect(html.replace(/\s+/g, "")).toBe("<p>before</p><b>1one</b><p>after</p>");
  });

  it("labels a callout with its kind and keeps the author's heading", async () => {
    const html = await shown(":::myth[“All neighbours merge.”]\nOnly buddies do.\n:::");
    expect(html).toContain('role="note"');
    expect(html).toContain('aria-label="Often said, but wrong"');
    expect(html).toContain('<p class="callout-label">“All neighbours merge.”</p>');
  });

  it("lets the keyboard scroll a wide table", async () => {
    const html = await shown("| a |\n|---|\n| b |");
    expect(html).toContain('<div role="group" class="table-scroll" tabindex="0"');
  });

  it("tells nobody where the reader came from when a link leaves the site", async () => {
    const html = await shown("[out](https://example.org) and [in](#here)");
    expect(html).toContain('<a href="https://example.org" rel="noreferrer">out</a>');
    expect(html).toContain('<a href="#here">in</a>');
  });
});
