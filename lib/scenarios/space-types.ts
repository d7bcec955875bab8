// The operations and states of the address space scene.
import type { ProcessView } from "./space-view";
import type { Who } from "./who";

export interface SpaceConfig {
  /** Where mappings go: down from mmap_base, or up from 1 GiB. */
  readonly layout: "down" | "up";
  readonly program: "small" | "none";
}

export const sources = ["anon", "file", "shared"] as const;
export type Source = (typeof sources)[number];
export type Prot = "none" | "r" | "rw" | "rx" | "rwx";

export type SpaceOp =
  | {
      readonly op: "mmap";
      readonly pages: number;
      readonly prot: Prot;
      readonly from: Source;
      readonly hint: number;
    }
  | {
      readonly op: "fixed";
      readonly at: number;
      readonly pages: number;
      readonly prot: Prot;
      readonly from: Source;
      readonly offset: number;
    }
  | { readonly op: "munmap"; readonly at: number; readonly pages: number }
  | { readonly op: "mprotect"; readonly at: number; readonly pages: number; readonly prot: Prot }
  | { readonly op: "brk"; readonly at: number }
  | { readonly op: "mremap"; readonly at: number; readonly pages: number; readonly to: number }
  | { readonly op: "mlock"; readonly at: number; readonly pages: number }
  | { readonly op: "munlock"; readonly at: number; readonly pages: number }
  | { readonly op: "find"; readonly at: number }
  | { readonly op: "read"; readonly at: number; readonly who: Who }
  | { readonly op: "write"; readonly at: number; readonly who: Who }
  | { readonly op: "push"; readonly pages: number }
  | { readonly op: "fork" }
  | { readonly op: "exit" };

/** Null: there is no such process, or it has ended. */
export interface SpaceState {
  readonly parent: ProcessView | null;
  readonly child: ProcessView | null;
}
