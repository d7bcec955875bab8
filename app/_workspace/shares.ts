/** Whole points for each weight that add up to all of them. */
export function shares(points: number, weights: readonly number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let given = 0;
  let weighed = 0;
  return weights.map((weight) => {
    weighed += weight;
    const share = Math.round((points * weighed) / all) - given;
    given += share;
    return share;
  });
}
