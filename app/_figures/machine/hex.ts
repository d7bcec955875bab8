// Addresses as people read them: 0xb7f6a000.

export function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
