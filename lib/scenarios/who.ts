// The two processes of a scene: the program, and the child that it may fork.

export const whos = ["parent", "child"] as const;
export type Who = (typeof whos)[number];

export const whoParameter = { kind: "choice", options: whos, default: "parent" } as const;

/** Who can be named: `child` is null while there is none. */
export function suggestWho(child: object | null): readonly Who[] {
  return child === null ? ["parent"] : whos;
}
