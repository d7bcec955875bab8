// One line for each step of a start, with what it found and how long it took.

export type Progress = <T>(step: string, work: () => Promise<T>, note: (value: T) => string) => Promise<T>;

export const progress: Progress = async (step, work, note) => {
  const started = performance.now();
  try {
    const value = await work();
    console.log(`  ${step.padEnd(18)} ${note(value)} (${seconds(started)})`);
    return value;
  } catch (error) {
    console.error(`  ${step.padEnd(18)} failed (${seconds(started)})`);
    throw error;
  }
};

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** For steps nobody watches, as in tests. */
export const silent: Progress = (_step, work) => work();
