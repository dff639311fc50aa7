/** What an upstream server of the lab tells the nodes. All zero and false: the host's time, honestly. */
export interface Behaviour {
  /** Seconds added to the host's time. */
  readonly shiftSeconds: number;
  /** Parts per million by which the shift grows from `sinceMs` on. */
  readonly rampPpm: number;
  /** Start of the ramp, in milliseconds of the host's realtime clock. */
  readonly sinceMs: number;
  readonly leap: 0 | 1 | 2 | 3;
  readonly stratum: number;
  /** A kiss code of four letters, such as RATE or DENY (RFC 5905 section 7.4), or null. */
  readonly kiss: string | null;
  readonly silent: boolean;
}

export const honest: Behaviour = {
  shiftSeconds: 0,
  rampPpm: 0,
  sinceMs: 0,
  leap: 0,
  stratum: 2,
  kiss: null,
  silent: false,
};

/** Nanoseconds to add to the host's time at `nowNs`. */
export function errorAt(behaviour: Behaviour, nowNs: bigint): bigint {
  const elapsed = nowNs - BigInt(Math.round(behaviour.sinceMs)) * 1_000_000n;
  const ramp =
    behaviour.rampPpm === 0 ? 0n : (elapsed * BigInt(Math.round(behaviour.rampPpm * 1000))) / 1_000_000_000n;
  return BigInt(Math.round(behaviour.shiftSeconds * 1e9)) + ramp;
}
