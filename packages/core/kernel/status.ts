/** Status word of adjtimex(2): bits of linux/timex.h, named without `STA_`. */
const statusNames = [
  'PLL',
  'PPSFREQ',
  'PPSTIME',
  'FLL',
  'INS',
  'DEL',
  'UNSYNC',
  'FREQHOLD',
  'PPSSIGNAL',
  'PPSJITTER',
  'PPSWANDER',
  'PPSERROR',
  'CLOCKERR',
  'NANO',
  'MODE',
  'CLK',
] as const;

type StatusName = (typeof statusNames)[number];

/** Names of the set bits, lowest first; bits that Linux does not define are left out. */
export function statusBits(status: number): StatusName[] {
  return statusNames.filter((_, bit) => (status & (1 << bit)) !== 0);
}

/** Whether one bit is set. */
export function hasStatus(status: number, name: StatusName): boolean {
  return (status & (1 << statusNames.indexOf(name))) !== 0;
}
