/** Labels of an axis of seconds: one unit for all of them, and as many digits as tell neighbours apart. Pure. */

const units = [
  { symbol: 'd', seconds: 86_400 },
  { symbol: 'h', seconds: 3_600 },
  { symbol: 'min', seconds: 60 },
  { symbol: 's', seconds: 1 },
  { symbol: 'ms', seconds: 1e-3 },
  { symbol: 'µs', seconds: 1e-6 },
] as const;

export function secondsLabels(ticks: readonly number[]): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  const unit = units.find(({ seconds }) => largest >= seconds * 0.9995) ?? units[5];
  const steps = ticks.slice(1).map((tick, index) => Math.abs(tick - (ticks[index] ?? tick)) / unit.seconds);
  const step = Math.min(...steps.filter((size) => size > 0), 1);
  const digits = Math.min(9, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  return ticks.map((tick) => {
    const printed = Math.abs(tick / unit.seconds).toFixed(digits);
    const sign = Number(printed) === 0 ? '' : tick < 0 ? '−' : '+';
    return Number(printed) === 0 ? '0' : `${sign}${printed} ${unit.symbol}`;
  });
}
