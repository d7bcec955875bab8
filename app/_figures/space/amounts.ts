// Addresses and amounts as text.

/** `0xb7ff_d000`. */
export function address(value: number): string {
  const digits = (value >>> 0).toString(16).padStart(8, "0");
  return `0x${digits.slice(0, 4)}_${digits.slice(4)}`;
}

const KiB = 1024;

/** `12 KiB`, `1.5 MiB`, `3 GiB`. */
export function size(bytes: number): string {
  if (bytes >= KiB ** 3) return `${round(bytes / KiB ** 3)} GiB`;
  if (bytes >= KiB ** 2) return `${round(bytes / KiB ** 2)} MiB`;
  return `${round(bytes / KiB)} KiB`;
}

function round(value: number): number {
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
}
