// Pages as kB, as reports print them.
import { PAGE_SIZE } from "../constants";

export function pageToKib(pages: number): number {
  return (pages * PAGE_SIZE) / 1024;
}
