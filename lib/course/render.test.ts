import type { Element, Nodes } from "hast";
import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { describe, expect, it } from "vitest";
import { glossary } from "@/lib/words/glossary";
import type { ResolveLink } from "./directives";
import { renderDocument, renderMarkdown } from "./render";

const nowhere: ResolveLink = () => null;

function elements(tree: Nodes, tagName: string): Element[] {
  const found: Element[] = [];
  const walk = (node: Nodes): void => {
    if (node.type === "element" && node.tagName === tagName) found.push(node);
    if ("children" in node) node.children.forEach(walk);
  };
  walk(tree);
  return found;
}

function textOf(node: Nodes): string {
  return node.type === "text" ? node.value : "children" in node ? node.children.map(textOf).join("") : "";
}

describe("rendering Markdown", () => {
  it("lets no script, event handler, style, image or dangerous link through", async () => {
    const hostile = [
      "<script>alert(1)</script>",
      '<img src="https://evil.example/x.png" onerror="alert(1)">',
      "![picture](https://evil.example/x.png)",
      "[click](javascript:alert(1))",
      "[data](data:text/html;base64,PHNjcmlwdD4=)",
      ":::note{onclick=alert(1) style=color:red class=x}\ntext\n:::",
      ':term[x]{id="free-list" onmouseover="alert(1)"}',
      '::figure{id="a" src="https://evil.example"}',
      "<style>body{display:none}</style>",
    ].join("\n\n");
    const tree = await renderMarkdown(hostile, "en");
    const serialized = JSON.stringify(tree);
    for (const tag of ["script", "img", "style", "iframe"]) expect(elements(tree, tag)).toEqual([]);
    expect(serialized).not.toMatch(/"(onclick|onClick|onerror|onError|onmouseover|onMouseOver|style|src)":/);
    for (const link of elements(tree, "a")) expect(link.properties.href).toBeUndefined();
  });

  it("gives a heading the id its author wrote, in any language, and no other id", async () => {
    const english = await renderDocument("## Page frames {#page-frames}", "en", nowhere);
    const chinese = await renderDocument("## 页框 {#page-frames}", "zh-CN", nowhere);
    expect(english.headings).toEqual([{ id: "page-frames", depth: 2, text: "Page frames" }]);
    expect(chinese.headings).toEqual([{ id: "page-frames", depth: 2, text: "页框" }]);
    const bad = await renderDocument("## Page {#Bad_Id}", "en", nowhere);
    expect(bad.complaints[0]?.message).toContain("Bad_Id");
  });

  it("numbers figures in order, also where the text mentions one before it appears", async () => {
    const { tree, references } = await renderDocument(
      "See :fig{id=two}.\n\n::figure{id=one}\n\n::figure{id=two}",
      "en",
      nowhere,
    );
    expect(references.figures).toEqual(["one", "two"]);
    expect(elements(tree, "pw-fig")[0]?.properties).toMatchObject({ of: "two", number: "2" });
    expect(elements(tree, "pw-figure").map((figure) => figure.properties.number)).toEqual(["1", "2"]);
  });

  it("shows an unknown directive as typed and says so with its line", async () => {
    const { tree, complaints } = await renderDocument(
      "first\n\n::launch{code=x}\n\n:::evil\ninside\n:::",
      "en",
      nowhere,
    );
    expect(textOf(tree)).toContain("::launch{code=x}");
    expect(complaints.map(({ line }) => line)).toEqual([3, 5]);
    expect(complaints[0]?.message).toContain('no directive "::launch"');
  });

  it("leaves colons of ordinary prose alone", async () => {
    const { tree, complaints } = await renderDocument("the ratio 3:4 and page:flags at 12:30", "en", nowhere);
    expect(textOf(tree)).toBe("the ratio 3:4 and page:flags at 12:30");
    expect(complaints).toEqual([]);
  });

  it("refuses a term that the glossary lacks and keeps one that it has", async () => {
    const known = glossary[0]!.id;
    const { references, complaints } = await renderDocument(
      `:term[a]{id=${known}} :term[b]{id=no-such-word}`,
      "en",
      nowhere,
    );
    expect(references.terms).toEqual([known]);
    expect(complaints[0]?.message).toContain("no-such-word");
  });

  it("resolves links into the course and drops those that lead nowhere, keeping their words", async () => {
    const resolve: ResolveLink = (kind, slug) => (slug === "split-a-block" ? `/en/${kind}/${slug}` : null);
    const { tree, complaints } = await renderDocument(
      "[do it](exercise:split-a-block) and [gone](exercise:gone)",
      "en",
      resolve,
    );
    expect(elements(tree, "a").map((a) => a.properties.href)).toEqual(["/en/exercise/split-a-block"]);
    expect(textOf(tree)).toBe("do it and gone");
    expect(complaints[0]?.message).toContain("exercise:gone");
  });

  it("renders tables, mathematics and highlighted code", async () => {
    const tree = await renderMarkdown("| a |\n|---|\n| b |\n\n$2^k$\n\n```c\nint x = 1;\n```\n", "en");
    expect(elements(tree, "table")).toHaveLength(1);
    expect(elements(tree, "math")).toHaveLength(1);
    const code = elements(tree, "pre")[0]!;
    expect(String(code.properties.style)).toContain("--shiki-dark");
    expect(textOf(code)).toContain("int x = 1;");
  });

  it("keeps a callout's label apart from its text", async () => {
    const tree = await renderMarkdown(":::why[Why powers of two?]\nBecause.\n:::", "en");
    expect(elements(tree, "pw-callout")[0]?.properties.of).toBe("why");
    expect(textOf(elements(tree, "pw-label")[0]!)).toBe("Why powers of two?");
  });

  it("yields a tree that React can show", async () => {
    const tree = await renderMarkdown("A *word* and `code`.", "en");
    const shown: string[] = [];
    const jsx = (type: unknown) => {
      shown.push(String(type));
      return null as never;
    };
    toJsxRuntime(tree, { Fragment: "fragment", jsx, jsxs: jsx });
    expect(shown).toEqual(expect.arrayContaining(["em", "code", "p"]));
  });
});
