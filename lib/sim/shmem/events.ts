// What happened to files of tmpfs and to System V segments. `index` is the page number in the file.

export type ShmemEvent =
  | { readonly kind: "shmem-file"; readonly ino: number; readonly bytes: number }
  /** A page of the file was asked for and found, made, or brought back from swap. */
  | {
      readonly kind: "shmem-page";
      readonly ino: number;
      readonly index: number;
      readonly pfn: number;
      readonly how: "cached" | "new" | "swapped-in";
    }
  | { readonly kind: "shmem-fail"; readonly ino: number; readonly index: number; readonly errno: number }
  /** A frame became an index page. */
  | { readonly kind: "shmem-index-page"; readonly ino: number; readonly index: number; readonly pfn: number }
  /** Reclaim moved the page from the file to the swap cache; the file's table holds the slot now. */
  | {
      readonly kind: "shmem-swap-out";
      readonly ino: number;
      readonly index: number;
      readonly pfn: number;
      readonly type: number;
      readonly slot: number;
    }
  | {
      readonly kind: "shmem-keep";
      readonly ino: number;
      readonly index: number;
      readonly why: "locked" | "no-slot" | "truncated";
    }
  /** Clean pages that reclaim dropped were found missing and given back to the limits. */
  | { readonly kind: "shmem-recalc"; readonly ino: number; readonly freed: number }
  | {
      readonly kind: "shmem-truncate";
      readonly ino: number;
      readonly bytes: number;
      readonly swaps: number;
      readonly tables: number;
    }
  | {
      readonly kind: "shmem-unuse";
      readonly ino: number;
      readonly index: number;
      readonly type: number;
      readonly slot: number;
    }
  | { readonly kind: "shm-get"; readonly id: number; readonly bytes: number; readonly created: boolean }
  | { readonly kind: "shm-attach"; readonly id: number; readonly address: number; readonly attached: number }
  | { readonly kind: "shm-detach"; readonly id: number; readonly attached: number }
  | { readonly kind: "shm-destroy"; readonly id: number }
  | { readonly kind: "shm-refused"; readonly call: "shmget" | "shmat" | "shmdt" | "shmctl"; readonly errno: number };
