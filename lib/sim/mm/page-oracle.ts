// An address space as an array of pages: what each page may do. Only the tests use it, as something independent to agree with.
import { VM_ACCOUNT, VM_MAYEXEC, VM_MAYREAD, VM_MAYWRITE, VM_WRITE } from "./flags";

export interface OraclePage {
  readonly flags: number;
  /** 0 for anonymous memory. */
  readonly file: number;
  readonly pgoff: number;
}

export interface OracleArea extends OraclePage {
  readonly start: number;
  /** The first page after it. */
  readonly end: number;
}

const MAY = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;

/** Pages by number; all calls take page numbers and counts. Private mappings only. */
export class PageOracle {
  readonly pages: (OraclePage | null)[];
  constructor(size: number) {
    this.pages = new Array<OraclePage | null>(size).fill(null);
  }

  map(start: number, count: number, prot: number, file: number, pgoff: number): void {
    const flags = prot | MAY | ((prot & VM_WRITE) !== 0 ? VM_ACCOUNT : 0);
    for (let index = 0; index < count; index++)
      this.pages[start + index] = { flags, file, pgoff: file === 0 ? start + index : pgoff + index };
  }

  unmap(start: number, count: number): void {
    this.pages.fill(null, start, start + count);
  }

  /** Page by page up to the first hole. A page that becomes writable is charged, and stays so. @returns 0 or -12. */
  protect(start: number, count: number, prot: number): number {
    for (let at = start; at < start + count; at++) {
      const page = this.pages[at];
      if (!page) return -12;
      const charge = (prot & VM_WRITE) !== 0 ? VM_ACCOUNT : 0;
      this.pages[at] = { ...page, flags: (page.flags & ~7) | prot | charge };
    }
    return 0;
  }

  /** Maximal runs of pages that say the same. */
  areas(): OracleArea[] {
    const runs: OracleArea[] = [];
    for (const [at, page] of this.pages.entries()) {
      const last = runs.at(-1);
      if (!page) continue;
      const continues =
        last !== undefined &&
        last.end === at &&
        last.flags === page.flags &&
        last.file === page.file &&
        last.pgoff + (at - last.start) === page.pgoff;
      if (continues) runs[runs.length - 1] = { ...last, end: at + 1 };
      else runs.push({ ...page, start: at, end: at + 1 });
    }
    return runs;
  }

  charged(): number {
    return this.pages.filter((page) => page !== null && (page.flags & VM_ACCOUNT) !== 0).length;
  }
}
