/** chronyd's own view, in seconds and ppm, signs already ours: positive = the node's clock is ahead. */
import type { Leap } from './facts.ts';

/** `chronyc tracking` (chrony candm.h RPY_Tracking). */
export interface ChronyTracking {
  /** Eight hexadecimal digits; `7F7F0101` is the free-running local clock, `00000000` none. */
  readonly refId: string;
  /** Name or address of the selected source; null when there is none. */
  readonly refName: string | null;
  /** 0: not synchronised. */
  readonly stratum: number;
  readonly leap: Leap;
  /** Seconds since 1970 of the last update from a source; null when there never was one. */
  readonly referenceTimeSeconds: number | null;
  /** System clock minus chronyd's estimate of true time. Positive = the system clock is ahead ("fast of NTP time"). */
  readonly systemOffsetSeconds: number;
  readonly lastOffsetSeconds: number;
  readonly rmsOffsetSeconds: number;
  /** How fast the clock runs uncorrected. Positive = it gains. */
  readonly frequencyPpm: number;
  readonly residualFrequencyPpm: number;
  /** Bound of the frequency. */
  readonly skewPpm: number;
  readonly rootDelaySeconds: number;
  readonly rootDispersionSeconds: number;
  readonly updateIntervalSeconds: number;
}

/** `^` server, `=` peer, `#` reference clock. */
export type ChronySourceMode = 'server' | 'peer' | 'refclock';
/** `*` selected, `+` combined, `-` not combined, `?` unusable, `x` falseticker, `~` too variable. */
export type ChronySourceState =
  | 'selected'
  | 'combined'
  | 'not-combined'
  | 'unusable'
  | 'falseticker'
  | 'jittery';

/** A row of `chronyc sources`. */
export interface ChronySource {
  /** Name when chronyd was given one, else the address (or refid of a reference clock). */
  readonly name: string;
  readonly address: string;
  readonly mode: ChronySourceMode;
  readonly state: ChronySourceState;
  readonly stratum: number;
  /** log2 of the polling interval in seconds. */
  readonly poll: number;
  /** Last eight polls, newest in bit 0: 0..255. */
  readonly reach: number;
  /** Seconds since the last good sample; null: never. */
  readonly lastSampleAgeSeconds: number | null;
  /** Measured offset adjusted for slewing since; positive = the node is ahead of the source. */
  readonly adjustedOffsetSeconds: number;
  readonly measuredOffsetSeconds: number;
  readonly errorSeconds: number;
}

/** A row of `chronyc sourcestats`. */
export interface ChronySourceStats {
  readonly name: string;
  readonly address: string;
  readonly samples: number;
  readonly runs: number;
  readonly spanSeconds: number;
  readonly residualFrequencyPpm: number;
  readonly skewPpm: number;
  /** Positive = the node is ahead of the source. */
  readonly offsetSeconds: number;
  readonly standardDeviationSeconds: number;
}

export interface ChronyActivity {
  readonly online: number;
  readonly offline: number;
  readonly burstOnline: number;
  readonly burstOffline: number;
  readonly unresolved: number;
}

/** Parts that could not be had are null: a part missing is not an empty list. */
export interface ChronyState {
  readonly tracking: ChronyTracking | null;
  readonly sources: readonly ChronySource[] | null;
  readonly sourceStats: readonly ChronySourceStats[] | null;
  readonly activity: ChronyActivity | null;
}
