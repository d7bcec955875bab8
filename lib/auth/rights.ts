// What each role may do. Rights to content and rights to student data are separate: an admin runs the site and does not
// thereby read anybody's work.

export const roles = ["student", "ta", "instructor", "admin"] as const;
export type Role = (typeof roles)[number];

export const rights = [
  "see content problems",
  "read student work",
  "regrade",
  "manage people",
  "see operations",
] as const;
export type Right = (typeof rights)[number];

const rightsOf: Readonly<Record<Role, readonly Right[]>> = {
  student: [],
  ta: ["see content problems", "read student work"],
  instructor: ["see content problems", "read student work", "regrade"],
  admin: ["see content problems", "manage people", "see operations"],
};

export function may(role: Role, right: Right): boolean {
  return rightsOf[role].includes(right);
}
