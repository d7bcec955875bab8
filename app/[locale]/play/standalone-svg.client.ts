"use client";
// A drawn picture as a file of its own: what the style sheet says is written into the elements.

const properties = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "font-size",
  "font-weight",
  "font-family",
] as const;

export function standaloneSvg(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll<SVGElement>("*")];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  originals.forEach((original, at) => {
    const style = getComputedStyle(original);
    const target = copies[at]!;
    for (const property of properties) {
      // Textures are references, which the computed style spells as absolute URLs of this page.
      if (property === "fill" && original.getAttribute("fill")?.startsWith("url(")) continue;
      target.setAttribute(property, style.getPropertyValue(property));
    }
    target.removeAttribute("class");
  });
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(svg.closest(".fig") ?? svg).backgroundColor);
  copy.prepend(ground);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(svg.viewBox.baseVal.width));
  copy.removeAttribute("aria-hidden");
  return new XMLSerializer().serializeToString(copy);
}
