// Addresses as commands write them.

/** `0x1f`. */
export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
