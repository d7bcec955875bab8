// Where the random traces of one submission come from.
// Theory: the server's secret and the submission's id give one seed nobody can guess beforehand; it stands on the receipt,
//         and every trace's own seed follows from it, so a receipt alone rebuilds all of them.
import { hex, hmacSha256, sha256 } from "./sha256";

/** The seed of one submission: 64 hex digits. */
export function submissionSeed(secret: string, submissionId: string): string {
  return hex(hmacSha256(secret, submissionId));
}

/** The 32-bit seed of the `index`-th trace that the generated case `name` asks for; never 0. */
export function caseSeed(seed: string, name: string, index: number): number {
  const digest = sha256(`${seed}/${name}/${index}`);
  return new DataView(digest.buffer).getUint32(0) || 1;
}
