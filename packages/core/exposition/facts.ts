/** What the series of node_exporter and chrony_exporter say of a node. */
import { hasStatus, statusBits } from '../kernel/index.ts';
import type { HostState, KernelState, SyncState } from '../observe/index.ts';
import { estimate } from '../time/index.ts';
import type { Sample, Series } from './page.ts';

/** Families by collector of node_exporter, each list in the order of a page. */
export const collectorFamilies = {
  os: ['node_os_info'],
  stat: ['node_boot_time_seconds'],
  time: ['node_time_clocksource_current_info', 'node_time_seconds'],
  timex: [
    'node_timex_estimated_error_seconds',
    'node_timex_frequency_adjustment_ratio',
    'node_timex_maxerror_seconds',
    'node_timex_offset_seconds',
    'node_timex_status',
    'node_timex_sync_status',
    'node_timex_tai_offset_seconds',
  ],
  uname: ['node_uname_info'],
} as const;

export type Collector = keyof typeof collectorFamilies;

/** chrony_exporter's tracking; names of version 0.10, older ones lack some. */
export const chronyFamilies = [
  'chrony_tracking_info',
  'chrony_tracking_root_delay_seconds',
  'chrony_tracking_root_dispersion_seconds',
  'chrony_tracking_stratum',
  'chrony_tracking_system_time_seconds',
] as const;

/** Value of a family that has one series; null when it is absent, ambiguous, NaN or infinite. */
export function singleValue(series: Series, name: string): number | null {
  const samples = series(name);
  const value = samples.length === 1 ? samples[0]?.value : undefined;
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** A label of the first series that is 1 (an `_info` metric); null when there is none or it is empty. */
function infoLabel(series: Series, name: string, label: string): string | null {
  const info = series(name).find(({ value }) => value === 1);
  return info === undefined ? null : labelOf(info, label);
}

/** A label's value; null when it is absent or empty, which the format takes for the same. */
export function labelOf({ labels }: Pick<Sample, 'labels'>, name: string): string | null {
  const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
  return value === undefined || value === '' ? null : value;
}

/**
 * The timex collector. Null when it is switched off. The collector's sync status is 0 whenever adjtimex returned
 * TIME_ERROR; the status word, where the exporter has it, tells STA_UNSYNC itself.
 */
export function kernelOf(series: Series): KernelState | null {
  const synchronized = singleValue(series, 'node_timex_sync_status');
  const word = singleValue(series, 'node_timex_status');
  const status = word !== null && Number.isInteger(word) && word >= 0 && word <= 0xffff ? word : null;
  if (status === null && synchronized !== 0 && synchronized !== 1) return null;
  const ratio = singleValue(series, 'node_timex_frequency_adjustment_ratio');
  return {
    unsync: status === null ? synchronized === 0 : hasStatus(status, 'UNSYNC'),
    statusBits: status === null ? null : statusBits(status),
    offsetSeconds: singleValue(series, 'node_timex_offset_seconds'),
    // 1 + ppm / 10^6: the float keeps 2e-10 ppm of it.
    frequencyPpm: ratio === null ? null : (ratio - 1) * 1e6,
    maxErrorSeconds: singleValue(series, 'node_timex_maxerror_seconds'),
    estErrorSeconds: singleValue(series, 'node_timex_estimated_error_seconds'),
    taiOffsetSeconds: singleValue(series, 'node_timex_tai_offset_seconds'),
    clocksource: infoLabel(series, 'node_time_clocksource_current_info', 'clocksource'),
  };
}

/**
 * The os, uname and stat collectors. Null when there is nothing of them. The time zone that node_exporter shows is left
 * alone: it is that of its container.
 */
export function hostOf(series: Series): HostState | null {
  const id = infoLabel(series, 'node_os_info', 'id');
  const like = infoLabel(series, 'node_os_info', 'id_like');
  const host: HostState = {
    os: id === null || like === null ? id : `${id} ${like}`,
    osName: infoLabel(series, 'node_os_info', 'pretty_name'),
    kernel: infoLabel(series, 'node_uname_info', 'release'),
    bootTimeSeconds: singleValue(series, 'node_boot_time_seconds'),
    chronyVersion: null,
  };
  return Object.values(host).every((value) => value === null) ? null : host;
}

/**
 * chrony_exporter's tracking. Null without a stratum; stratum 0 is an unsynchronised chronyd: no metric of
 * the exporter says so otherwise. It does not tell the leap status either.
 */
export function chronySyncOf(series: Series): SyncState | null {
  const stratum = singleValue(series, 'chrony_tracking_stratum');
  if (stratum === null) return null;
  const synchronized = stratum > 0 && stratum < 16;
  const refId = infoLabel(series, 'chrony_tracking_info', 'tracking_refid')?.toUpperCase() ?? null;
  // 127.127.1.1: the free-running local clock, whose zeroes bound nothing.
  const followsOthers = synchronized && refId !== '7F7F0101';
  const rootDelaySeconds = followsOthers ? singleValue(series, 'chrony_tracking_root_delay_seconds') : null;
  const rootDispersionSeconds = followsOthers
    ? singleValue(series, 'chrony_tracking_root_dispersion_seconds')
    : null;
  const distance =
    rootDelaySeconds === null || rootDispersionSeconds === null
      ? null
      : rootDispersionSeconds + rootDelaySeconds / 2;
  const correction = singleValue(series, 'chrony_tracking_system_time_seconds');
  return {
    synchronized,
    daemon: 'chronyd',
    stratum: synchronized ? stratum : null,
    source: followsOthers
      ? (infoLabel(series, 'chrony_tracking_info', 'tracking_name') ??
        infoLabel(series, 'chrony_tracking_info', 'tracking_address'))
      : null,
    refId: synchronized ? refId : null,
    leap: synchronized ? null : 'unsynchronized',
    rootDelaySeconds,
    rootDispersionSeconds,
    rootDistanceSeconds: distance,
    // The exporter passes chronyd's correction on: positive = the clock is slow.
    referenceOffset:
      distance === null || correction === null || distance < 0 ? null : estimate(0 - correction, distance),
  };
}
