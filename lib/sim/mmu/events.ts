// What the MMU part reports: page tables that come and go.

export type MmuEvent =
  /** A PTE page for the slot that starts at `address` was made, or given back. */
  { readonly kind: "pte-page"; readonly address: number; readonly pfn: number; readonly made: boolean };
