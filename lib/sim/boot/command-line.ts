// The words of the kernel's command line that change what memory it sees.
// Source:     Linux 2.6.11 arch/i386/kernel/setup.c (parse_cmdline_early), lib/cmdline.c (memparse)
// Simplified: words are separated by blanks; everything that is not about memory is passed over.
import { addMemoryRegion, E820_ACPI, E820_RAM, E820_RESERVED, type E820Range, limitRegions } from "./e820";

export interface CommandLine {
  /** The memory map after `mem=` and `memmap=`, in the order of the words. */
  readonly map: readonly E820Range[];
  /** `highmem=` in pages; null if it was not given. */
  readonly highmemPages: number | null;
  /** `vmalloc=` in bytes; null if it was not given. */
  readonly vmallocBytes: number | null;
  /** `mem=nopentium`: no large kernel pages. */
  readonly disablePse: boolean;
}

/** Applies the words one after the other. What cannot be read as a number counts as 0, as in the kernel. */
export function parseCommandLine(words: string, biosMap: readonly E820Range[]): CommandLine {
  let map = [...biosMap];
  let highmemPages: number | null = null;
  let vmallocBytes: number | null = null;
  let disablePse = false;
  for (const word of words.split(" ")) {
    const [name, value] = splitOnce(word, "=");
    if (name === "mem" && value.startsWith("nopentium")) disablePse = true;
    else if (name === "mem") map = limitRegions(map, memparse(value));
    else if (name === "memmap") map = applyMemmap(map, value);
    else if (name === "highmem") highmemPages = Math.floor(memparse(value) / 4096);
    else if (name === "vmalloc") vmallocBytes = memparse(value);
  }
  return { map, highmemPages, vmallocBytes, disablePse };
}

/** `exactmap` empties the map; `S@A` adds RAM, `S#A` ACPI data, `S$A` reserved memory; a plain size trims as `mem=`. */
function applyMemmap(map: readonly E820Range[], value: string): E820Range[] {
  if (value.startsWith("exactmap")) return [];
  const parts = /^([^@#$]*)([@#$])(.*)$/.exec(value);
  if (!parts) return limitRegions(map, memparse(value));
  const types = { "@": E820_RAM, "#": E820_ACPI, $: E820_RESERVED };
  const result = [...map];
  const type = types[parts[2] as keyof typeof types];
  addMemoryRegion(result, { addr: memparse(parts[3]!), size: memparse(parts[1]!), type });
  return result;
}

/** Decimal, 0x hexadecimal or 0 octal digits and K, M or G; bytes. */
export function memparse(text: string): number {
  const [, digits = "0", suffix = ""] = /^(0x[0-9a-f]+|[0-9]+)([kmg]?)/i.exec(text) ?? [];
  const octal = /^0[0-7]+$/.test(digits);
  const value = octal ? Number.parseInt(digits, 8) : Number(digits);
  return value * { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[suffix.toLowerCase() as "" | "k" | "m" | "g"];
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
