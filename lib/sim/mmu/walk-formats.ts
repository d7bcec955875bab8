// The formats of page tables that the processor can walk, as data for one walker.
// Theory:     a format is a list of levels. Each level says which bits of the address index its table, whether an entry there may map
//             a large page itself, and which bits must be clear. What differs between the modes is only this table.
// Source:     Intel IA-32 manual, volume 3, "Paging"; domain 6.2. MAXPHYADDR is 40.
// Simplified: the four top entries of PAE are read at each walk (the processor keeps copies since CR3 was loaded) and their
//             reserved bits are not checked.

export interface WalkLevel {
  readonly name: "pgd" | "pud" | "pmd" | "pte";
  /** The index is `bits` bits of the address from bit `shift` up. */
  readonly shift: number;
  readonly bits: number;
  /** Bit 7 of an entry makes it map a page of 2^shift bytes. */
  readonly large: boolean;
  /** Entries carry RW, US, A and NX; false only for the top of PAE. */
  readonly rights: boolean;
  /** Bits of the low word that must be 0 in an entry that leads to a table or a small page, and in one that maps a large page. */
  readonly reserved: number;
  readonly reservedLarge: number;
}

export interface WalkFormat {
  readonly entryBytes: 4 | 8;
  readonly levels: readonly WalkLevel[];
  /** Which bits of CR3 are the address of the top table. */
  readonly rootMask: number;
  /** Bits of the high word that must be 0 (without bit 31, NX, which depends on `nx`). */
  readonly reservedHigh: number;
  /** Bit 63 forbids fetching; otherwise it is reserved. Only with 8-byte entries. */
  readonly nx: boolean;
  /** Address bits that are translated; the ones above must repeat the highest. */
  readonly addressBits: 32 | 48;
}

const plain = { large: false, rights: true, reserved: 0, reservedLarge: 0 } as const;
const pte4 = { ...plain, name: "pte", shift: 12, bits: 10 } as const;
const pte8 = { ...plain, name: "pte", shift: 12, bits: 9 } as const;
/** Bits 20..13 of a 2 MiB entry. */
const pmd8 = { ...plain, name: "pmd", shift: 21, bits: 9, large: true, reservedLarge: 0x001fe000 } as const;
/** Bits 29..13 of a 1 GiB entry. */
const pud8 = { ...plain, name: "pud", shift: 30, bits: 9, large: true, reservedLarge: 0x3fffe000 } as const;
const paeTop = { ...plain, name: "pgd", shift: 30, bits: 2, rights: false } as const;
/** Bit 7 of a top entry is reserved. */
const pgd8 = { ...plain, name: "pgd", shift: 39, bits: 9, reserved: 0x80 } as const;

const twoLevel = { entryBytes: 4, rootMask: 0xfffff000, reservedHigh: 0, nx: false, addressBits: 32 } as const;
/** Bits 62..40. */
const pae = { entryBytes: 8, levels: [paeTop, pmd8, pte8], rootMask: 0xffffffe0, reservedHigh: 0x7fffff00 } as const;
/** Bits 51..40; 62..52 are the system's own. */
const long = {
  entryBytes: 8,
  levels: [pgd8, pud8, pmd8, pte8],
  rootMask: 0xfffff000,
  reservedHigh: 0x000fff00,
} as const;

export const walkFormats = {
  /** CR4.PSE clear: bit 7 of a directory entry means nothing. */
  i386: { ...twoLevel, levels: [{ ...plain, name: "pgd", shift: 22, bits: 10 }, pte4] },
  /** 4 MiB pages. Bits 20..13 of such an entry are address bits 39..32 (PSE-36), bit 21 is reserved. */
  pse: {
    ...twoLevel,
    levels: [{ ...plain, name: "pgd", shift: 22, bits: 10, large: true, reservedLarge: 0x00200000 }, pte4],
  },
  pae: { ...pae, nx: false, addressBits: 32 },
  paenx: { ...pae, nx: true, addressBits: 32 },
  longnonx: { ...long, nx: false, addressBits: 48 },
  long: { ...long, nx: true, addressBits: 48 },
} as const satisfies Readonly<Record<string, WalkFormat>>;

/** The modes of an address split, by number of levels. */
const splits = { "2": walkFormats.pse, pae: walkFormats.pae, "4": walkFormats.long } as const;

/** Index at each level and offset in the page of 4 KiB; null for a non-canonical address. */
export function splitAddress(
  address: number | bigint,
  mode: keyof typeof splits,
): { readonly levels: readonly number[]; readonly offset: number } | null {
  const format: WalkFormat = splits[mode];
  const va = format.addressBits === 32 ? Number(BigInt.asUintN(32, BigInt(address))) : canonical(BigInt(address));
  if (va === null) return null;
  return { levels: format.levels.map((level) => indexAt(level, va)), offset: va % 4096 };
}

/** The 48 bits of a canonical address as a number; null if bits 63..47 differ. */
export function canonical(address: bigint): number | null {
  const low = BigInt.asUintN(48, address);
  return BigInt.asUintN(64, BigInt.asIntN(48, low)) === BigInt.asUintN(64, address) ? Number(low) : null;
}

export function indexAt(level: WalkLevel, va: number): number {
  return Math.floor(va / 2 ** level.shift) & (2 ** level.bits - 1);
}
