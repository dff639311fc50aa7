/** A symmetric logarithmic scale: linear around zero, one unit of length a decade beyond. Seconds in, lengths out. */

/** Inside ± this the scale is linear: a millisecond is about what clocks on one network can be told apart by. */
const LINEAR_SECONDS = 1e-3;

/** Continuous and strictly rising; symlog(0) = 0, symlog(±1 ms) = ±1, symlog(±10 ms) = ±2. */
export function symlog(seconds: number): number {
  const size = Math.abs(seconds) / LINEAR_SECONDS;
  return Math.sign(seconds) * (size <= 1 ? size : 1 + Math.log10(size));
}

export function symlogInverse(length: number): number {
  const size = Math.abs(length);
  return Math.sign(length) * LINEAR_SECONDS * (size <= 1 ? size : 10 ** (size - 1));
}

export interface Domain {
  readonly low: number;
  readonly high: number;
}

export interface Scale {
  readonly domain: Domain;
  /** Seconds → pixels. */
  readonly x: (seconds: number) => number;
  /** Pixels → seconds. */
  readonly seconds: (x: number) => number;
}

/** @param left, right pixels of the domain's ends */
export function symlogScale(domain: Domain, left: number, right: number): Scale {
  const low = symlog(domain.low);
  const perUnit = (right - left) / (symlog(domain.high) - low);
  return {
    domain,
    x: (seconds) => left + (symlog(seconds) - low) * perUnit,
    seconds: (x) => symlogInverse(low + (x - left) / perUnit),
  };
}

/**
 * Where to write: zero, ±1 ms and each decade inside the domain; where a zoomed domain holds fewer than three of them,
 * round values between.
 */
export function symlogTicks({ low, high }: Domain): readonly number[] {
  const decades: number[] = [0];
  for (let size = LINEAR_SECONDS; size <= Math.max(Math.abs(low), Math.abs(high)); size *= 10) {
    decades.push(rounded(size), rounded(-size));
  }
  const inside = decades.filter((tick) => tick >= low && tick <= high).sort((a, b) => a - b);
  return inside.length >= 3 ? inside : linearTicks(low, high);
}

function linearTicks(low: number, high: number): readonly number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks: number[] = [];
  // A hair of tolerance: 0.7 / 0.1 is not 7 in binary.
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  for (let tick = first; tick <= last; tick += 1) ticks.push(rounded(tick * step));
  return ticks;
}

function rounded(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}

/** The symmetric domain that holds every value, ending on 1, 2 or 5 of a decade; never less than ±`least`. */
export function symmetricDomain(extents: Iterable<number>, least: number): Domain {
  let size = least;
  for (const extent of extents) size = Math.max(size, Math.abs(extent) * 1.15);
  const decade = 10 ** Math.floor(Math.log10(size) + 1e-9);
  const end = rounded(decade * ([1, 2, 5].find((factor) => factor * decade >= size * (1 - 1e-9)) ?? 10));
  return { low: -end, high: end };
}
