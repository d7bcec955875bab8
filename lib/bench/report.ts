// A budget, what was measured, and whether it holds; one line each, as soon as it is known.

export interface Limit {
  /** Bytes are shown in MB or KiB. */
  readonly unit: "ms" | "s" | "x" | "/s" | "MB" | "KiB" | "";
  readonly most?: number;
  readonly least?: number;
}

export class Report {
  private readonly missed: string[] = [];
  private readonly unmeasured: string[] = [];
  private held = 0;

  row(what: string, budget: string, measured: number | null, limit: Limit): void {
    if (measured === null) {
      this.unmeasured.push(what);
      this.print("?", what, budget, "not measured here");
      return;
    }
    const holds =
      measured <= (limit.most ?? Number.POSITIVE_INFINITY) && measured >= (limit.least ?? Number.NEGATIVE_INFINITY);
    if (holds) this.held++;
    else this.missed.push(what);
    this.print(holds ? "✓" : "✗", what, budget, show(measured, limit.unit));
  }

  note(text: string): void {
    console.log(`      ${text}`);
  }

  summary(): void {
    console.log(`\n${this.held} budgets held, ${this.missed.length} missed${this.missed.length > 0 ? ":" : ""}`);
    for (const what of this.missed) console.log(`  ✗ ${what}`);
    for (const what of this.unmeasured) console.log(`  ? ${what}: not measured here`);
  }

  private print(mark: string, what: string, budget: string, measured: string): void {
    console.log(`  ${mark} ${what.padEnd(56)} ${budget.padStart(12)}   ${measured}`);
  }
}

function show(value: number, unit: Limit["unit"]): string {
  if (unit === "MB") return `${(value / 1e6).toFixed(0)} MB`;
  if (unit === "KiB") return `${(value / 1024).toFixed(0)} KiB`;
  return `${Number.isInteger(value) ? value : value.toFixed(value < 10 ? 2 : 0)} ${unit}`.trim();
}
