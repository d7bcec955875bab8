// The course's own Markdown: directives, heading ids and links into the course.
// Theory: remark-directive parses `:name[label]{id=x}`, `::name{id=x}` and `:::name`; this plugin turns the names of one table into
//         elements "pw-*" that carry nothing but a reference (`of`). What an element looks like, and what data stands behind the
//         reference, is decided by whoever renders. Authors are not trusted: any other name is reported and stays plain text.
import type { Link, Nodes, Root } from "mdast";
import type {} from "remark-directive";
import { visit } from "unist-util-visit";
import { isTerm } from "@/lib/words/glossary";

type Node<Type extends Nodes["type"]> = Extract<Nodes, { type: Type }>;
type Directive = Node<"textDirective" | "leafDirective" | "containerDirective">;

export const callouts = ["note", "why", "warning", "myth", "history", "example", "summary"] as const;
export type CalloutKind = (typeof callouts)[number];

/** Directives that refer to something by one attribute. */
const references = {
  term: { type: "textDirective", attribute: "id" },
  fig: { type: "textDirective", attribute: "id" },
  figure: { type: "leafDirective", attribute: "id" },
  question: { type: "leafDirective", attribute: "id" },
  exercise: { type: "leafDirective", attribute: "slug" },
} as const;
type ReferenceName = keyof typeof references;

const marks = { textDirective: ":", leafDirective: "::", containerDirective: ":::" } as const;
const idPattern = /^[a-z][a-z0-9-]*$/;
const headingId = /\s*\{#([^}\s]*)\}\s*$/;

/** Where `exercise:slug`, `lesson:slug#section` and `play:` lead; null when there is no such place. */
export type ResolveLink = (kind: "exercise" | "lesson" | "play", slug: string) => string | null;

/** What a document refers to, in order of appearance. */
export interface References {
  readonly figures: string[];
  readonly questions: string[];
  readonly exercises: string[];
  readonly terms: string[];
  /** Course links as written: `exercise:split-a-block`. */
  readonly links: string[];
  /** Names of all directives, for comparing two languages. */
  readonly directives: string[];
}

export interface Complaint {
  readonly line: number | null;
  readonly message: string;
}

/** One reading of one document: what it needs, and what the reading leaves behind. */
export interface Reading {
  readonly source: string;
  readonly resolve: ResolveLink;
  readonly found: References;
  readonly complaints: Complaint[];
}

export function startReading(source: string, resolve: ResolveLink): Reading {
  const found = { figures: [], questions: [], exercises: [], terms: [], links: [], directives: [] };
  return { source, resolve, found, complaints: [] };
}

export function courseDirectives(reading: Reading) {
  return (tree: Root): void => {
    // Numbers first: a text may mention a figure before it appears.
    visit(tree, "leafDirective", (node) => {
      const id = node.attributes?.id;
      if (node.name === "figure" && id) reading.found.figures.push(id);
    });
    visit(tree, (node) => {
      if (node.type === "textDirective" || node.type === "leafDirective" || node.type === "containerDirective") {
        directive(node, reading);
      } else if (node.type === "heading") {
        anchor(node, reading);
      } else if (node.type === "link") {
        link(node, reading);
      } else if (node.type === "html") {
        complain(reading, node, `HTML is not shown ("${node.value.slice(0, 40)}"): write Markdown or a directive`);
      } else if (node.type === "image") {
        complain(reading, node, "an image is not shown: a picture is a figure, ::figure{id=…}");
      }
    });
  };
}

function complain(reading: Reading, node: Nodes, message: string): void {
  reading.complaints.push({ line: node.position?.start.line ?? null, message });
}

function directive(node: Directive, reading: Reading): void {
  const mistake =
    node.name in references ? reference(node, node.name as ReferenceName, reading) : simple(node, reading);
  if (mistake === null) return;
  if (mistake !== "") complain(reading, node, mistake);
  asText(node, reading);
}

/** @returns what is wrong with it ("" = it is ordinary prose), or null when it is understood. */
function simple(node: Directive, { found }: Reading): string | null {
  if (node.type === "containerDirective" && (callouts as readonly string[]).includes(node.name)) {
    found.directives.push(node.name);
    callout(node, node.name as CalloutKind);
    return null;
  }
  if (node.type === "textDirective" && node.name === "src") {
    found.directives.push("src");
    node.data = { hName: "pw-source" };
    return null;
  }
  // A bare ":word" is ordinary prose ("page:flags"); with a label or attributes it was meant as a directive.
  const bare =
    node.type === "textDirective" && node.children.length === 0 && !Object.keys(node.attributes ?? {}).length;
  return bare ? "" : `there is no directive "${marks[node.type]}${node.name}"; it is shown as text`;
}

function reference(node: Directive, name: ReferenceName, { found }: Reading): string | null {
  const { type, attribute } = references[name];
  const of = node.attributes?.[attribute] ?? "";
  if (node.type !== type || !idPattern.test(of)) {
    return `write ${marks[type]}${name}{${attribute}=…} with an id of small letters, digits and hyphens`;
  }
  if (name === "term" && !isTerm(of)) return `the glossary (lib/words/glossary.json) has no term "${of}"`;
  const number = found.figures.indexOf(of) + 1;
  if (name === "fig" && number === 0) return `this text has no figure "${of}"`;
  if (name === "term") found.terms.push(of);
  if (name === "question") found.questions.push(of);
  if (name === "exercise") found.exercises.push(of);
  found.directives.push(`${name}:${of}`);
  const numbered = name === "fig" || name === "figure";
  node.data = { hName: `pw-${name}`, hProperties: numbered ? { of, number: String(number) } : { of } };
  return null;
}

/** remark-directive puts the label of `:::name[label]` into a first paragraph that it marks. */
function callout(node: Node<"containerDirective">, kind: CalloutKind): void {
  node.data = { hName: "pw-callout", hProperties: { of: kind } };
  const [first] = node.children;
  if (first?.type === "paragraph" && first.data && "directiveLabel" in first.data) {
    first.data = { ...first.data, hName: "pw-label" };
  }
}

/** Shows the directive as the author typed it. */
function asText(node: Directive, reading: Reading): void {
  const start = node.position?.start.offset ?? 0;
  const end = node.position?.end.offset ?? start;
  const source = reading.source.slice(start, end);
  const text: Nodes = { type: "text", value: source };
  Object.assign(node, node.type === "textDirective" ? text : { type: "paragraph", children: [text] });
}

/** `## Page frames {#page-frames}`: the same anchor in every language. */
function anchor(node: Node<"heading">, reading: Reading): void {
  const last = node.children.at(-1);
  const match = last?.type === "text" ? headingId.exec(last.value) : null;
  if (last?.type !== "text" || !match) return;
  last.value = last.value.slice(0, match.index);
  const id = match[1] ?? "";
  if (!idPattern.test(id)) {
    complain(reading, node, `the heading id "${id}" must be small letters, digits and hyphens`);
    return;
  }
  node.data = { ...node.data, hProperties: { dataAnchor: id } };
}

function link(node: Link, reading: Reading): void {
  const match = /^(exercise|lesson|play):(.*)$/.exec(node.url);
  if (!match) return;
  reading.found.links.push(node.url);
  const href = reading.resolve(match[1] as "exercise" | "lesson" | "play", match[2] ?? "");
  if (href !== null) {
    node.url = href;
    return;
  }
  complain(reading, node, `the link "${node.url}" leads nowhere`);
  node.url = "";
  node.data = { hName: "span" };
}
