// A scene spelled out as SVG. Decorative to assistive technology: the summary, table and mirror beside it say the same.
import { Fragment } from "react";
import { textWidth } from "./measure";
import { type Box, type Ring, round, type Scene, type Shape, smallFontSize, textureOf } from "./scene";

interface PictureProps {
  readonly scene: Scene;
  /** Keys of the boxes that may glide to their new place; everything else appears there at once. */
  readonly gliding?: ReadonlySet<string>;
  /** Unique on the page; texture ids derive from it. */
  readonly id: string;
  readonly className?: string;
}

export function Picture({ scene, gliding, id, className }: PictureProps) {
  return (
    <svg
      className={`fig-svg ${className ?? ""}`}
      viewBox={`0 0 ${scene.width} ${scene.height}`}
      height={scene.height}
      preserveAspectRatio="xMidYMin meet"
      aria-hidden="true"
      focusable="false"
    >
      <Textures id={id} />
      <Shapes shapes={scene.shapes.filter(({ look }) => !above.has(look))} />
      {scene.boxes.map((box) => (
        <BoxMark key={box.key} box={box} glides={gliding?.has(box.key) ?? false} id={id} />
      ))}
      <Shapes shapes={scene.shapes.filter(({ look }) => above.has(look))} />
      {scene.labels.map((label, index) => (
        <text
          key={index}
          x={round(label.x)}
          y={round(label.y)}
          textAnchor={label.anchor}
          className={`fig-text fig-${label.look}`}
        >
          {label.text}
        </text>
      ))}
      {scene.rings.map((ring, index) => (
        <RingMark key={index} ring={ring} />
      ))}
      {scene.marker && <path d={`M${scene.marker.x} ${scene.marker.y}l6 10h-12z`} className="fig-marker" />}
    </svg>
  );
}

/** Lines across boxes, and arrows between them. */
const above: ReadonlySet<Shape["look"]> = new Set(["mark", "mark-dashed", "mark-dotted", "arrow"]);

function Shapes({ shapes }: { shapes: readonly Shape[] }) {
  return shapes.map((shape, index) => <path key={index} d={shape.d} className={`fig-shape fig-${shape.look}`} />);
}

function BoxMark({ box, glides, id }: { box: Box; glides: boolean; id: string }) {
  const texture = textureOf[box.look];
  return (
    <g
      className={`fig-box fig-${box.look}`}
      transform={`translate(${round(box.x)} ${round(box.y)})`}
      data-glides={glides || undefined}
    >
      <rect width={round(box.width)} height={box.height} rx={radius(box)} />
      {texture && (
        <rect
          width={round(textureWidth(box))}
          height={box.height}
          rx={radius(box)}
          className="fig-texture"
          fill={`url(#${id}-${texture})`}
        />
      )}
      {box.label !== null && (
        <text
          x={box.align === "start" ? 5 : round(box.width / 2)}
          y={round(box.height / 2 + 4)}
          textAnchor={box.align ?? "middle"}
        >
          {box.label}
        </text>
      )}
      {box.dot && <circle cx={round(box.width - 4)} cy={4} r={2.5} className="fig-dot" />}
    </g>
  );
}

/** The left third, but never under the label: hatching makes words hard to read. */
function textureWidth({ width, label, align }: Box): number {
  const third = Math.min(width, Math.max(4, width / 3));
  if (label === null) return third;
  const beside = align === "start" ? 4 : (width - textWidth(label, smallFontSize)) / 2 - 3;
  return Math.max(3, Math.min(third, beside));
}

function radius(box: Box): number {
  if (box.look === "count") return box.height / 2;
  return box.square ? 0 : Math.min(2.5, box.width / 4);
}

function RingMark({ ring }: { ring: Ring }) {
  const { y, height } = ring;
  const x = round(ring.x);
  const width = round(ring.width);
  if (ring.look !== "differs") {
    return <rect className={`fig-ring fig-ring-${ring.look}`} x={x} y={y} width={width} height={height} rx={2.5} />;
  }
  return (
    <Fragment>
      <rect className="fig-ring fig-ring-differs" x={x - 1} y={y - 1} width={width + 2} height={height + 2} rx={2} />
      <rect
        className="fig-ring fig-ring-differs-inner"
        x={x + 3}
        y={y + 3}
        width={Math.max(1, width - 6)}
        height={height - 6}
        rx={1}
      />
      <text className="fig-text fig-differs-sign" x={round(x + width / 2)} y={y - 5} textAnchor="middle">
        ≠
      </text>
    </Fragment>
  );
}

function Textures({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={`${id}-hatch`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0V6" className="fig-texture-line" />
      </pattern>
      <pattern id={`${id}-dots`} width="5" height="5" patternUnits="userSpaceOnUse">
        <circle cx="2" cy="2" r="1" className="fig-texture-dot" />
      </pattern>
    </defs>
  );
}
