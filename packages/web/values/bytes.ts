const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `38 MiB`: binary units, at most two digits more than the unit asks for. */
export function bytesText(bytes: number): string {
  let size = Math.max(0, bytes);
  let unit = 0;
  while (size >= 1_024 && unit < units.length - 1) {
    size /= 1_024;
    unit += 1;
  }
  return `${size >= 10 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
