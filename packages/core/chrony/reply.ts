/**
 * The data of replies, dispatched on the reply type and not on the command: a newer chronyd may answer a known command
 * with a format that we do not know. Signs are turned to ours here: positive = the node's clock is ahead.
 */
import type {
  ChronyActivity,
  ChronySource,
  ChronySourceMode,
  ChronySourceState,
  ChronySourceStats,
  ChronyTracking,
  Leap,
} from '../observe/index.ts';
import { HEADER_LENGTH } from './packet.ts';
import { type Address, printRefId, readAddress, readFloat, readTime, refIdName } from './wire.ts';

/** A source as the daemon knows it; its name is asked for apart. */
export interface Addressed<T> {
  readonly value: T;
  readonly address: Address;
}

export type ReplyData =
  | { readonly type: 'none' }
  | { readonly type: 'n-sources'; readonly count: number }
  | { readonly type: 'tracking'; readonly tracking: Addressed<ChronyTracking> }
  | { readonly type: 'source-data'; readonly source: Addressed<ChronySource> }
  | { readonly type: 'sourcestats'; readonly stats: Addressed<ChronySourceStats> }
  | { readonly type: 'activity'; readonly activity: ChronyActivity }
  | { readonly type: 'source-name'; readonly name: string | null }
  | { readonly type: 'unknown'; readonly replyType: number }
  /** Fewer bytes than its type has. */
  | { readonly type: 'short'; readonly replyType: number; readonly wanted: number; readonly got: number };

interface Format {
  readonly length: number;
  readonly read: (view: DataView, packet: Uint8Array) => ReplyData;
}

/** RPY_… numbers of candm.h. */
const formats: Readonly<Record<number, Format>> = {
  1: { length: 0, read: () => ({ type: 'none' }) },
  2: { length: 4, read: (view) => ({ type: 'n-sources', count: view.getUint32(0) }) },
  3: { length: 48, read: (view) => ({ type: 'source-data', source: readSource(view) }) },
  5: { length: 76, read: (view) => ({ type: 'tracking', tracking: readTracking(view) }) },
  6: { length: 56, read: (view) => ({ type: 'sourcestats', stats: readSourceStats(view) }) },
  12: { length: 20, read: (view) => ({ type: 'activity', activity: readActivity(view) }) },
  19: { length: 256, read: (_, data) => ({ type: 'source-name', name: readName(data) }) },
};

/** @param packet the whole reply; its header has been read with `decodeHeader` */
export function decodeData(packet: Uint8Array, replyType: number): ReplyData {
  const format = formats[replyType];
  if (format === undefined) return { type: 'unknown', replyType };
  const data = packet.subarray(HEADER_LENGTH);
  if (data.length < format.length) {
    return { type: 'short', replyType, wanted: HEADER_LENGTH + format.length, got: packet.length };
  }
  return format.read(new DataView(data.buffer, data.byteOffset, data.byteLength), data);
}

const leaps: readonly Leap[] = ['normal', 'insert-second', 'delete-second', 'unsynchronized'];

function readTracking(view: DataView): Addressed<ChronyTracking> {
  const refId = view.getUint32(0);
  const address = readAddress(view, 4);
  const name = address.family === 'unspecified' ? refIdName(refId) : address.printed;
  return {
    address,
    value: {
      refId: printRefId(refId),
      refName: name === '' ? null : name,
      stratum: view.getUint16(24),
      leap: leaps[view.getUint16(26)] ?? 'unsynchronized',
      referenceTimeSeconds: readTime(view, 28),
      // The correction still to be made: positive = the system clock is slow.
      systemOffsetSeconds: 0 - readFloat(view, 40),
      lastOffsetSeconds: readFloat(view, 44),
      rmsOffsetSeconds: readFloat(view, 48),
      frequencyPpm: readFloat(view, 52),
      residualFrequencyPpm: readFloat(view, 56),
      skewPpm: readFloat(view, 60),
      rootDelaySeconds: readFloat(view, 64),
      rootDispersionSeconds: readFloat(view, 68),
      updateIntervalSeconds: readFloat(view, 72),
    },
  };
}

const modes: readonly ChronySourceMode[] = ['server', 'peer', 'refclock'];

/** 4 and 5 were called candidate and outlier before chrony 4.0; the marks `+` and `-` are the same. */
const states: readonly ChronySourceState[] = [
  'selected',
  'unusable',
  'falseticker',
  'jittery',
  'combined',
  'not-combined',
];

/** No sample ever. */
const NEVER = 0xffffffff;

function readSource(view: DataView): Addressed<ChronySource> {
  const address = readAddress(view, 0);
  const mode = modes[view.getUint16(26)] ?? 'server';
  // A reference clock has its refid where others have an IPv4 address.
  const printed =
    mode === 'refclock' && address.family === 'inet4' ? nameOfRefId(view.getUint32(0)) : address.printed;
  const sinceSample = view.getUint32(32);
  return {
    address: mode === 'refclock' ? { ...address, family: 'unspecified' } : address,
    value: {
      name: printed,
      address: printed,
      mode,
      state: states[view.getUint16(24)] ?? 'unusable',
      stratum: view.getUint16(22),
      poll: view.getInt16(20),
      reach: view.getUint16(30) & 0xff,
      lastSampleAgeSeconds: sinceSample === NEVER ? null : sinceSample,
      measuredOffsetSeconds: readFloat(view, 36),
      adjustedOffsetSeconds: readFloat(view, 40),
      errorSeconds: readFloat(view, 44),
    },
  };
}

function readSourceStats(view: DataView): Addressed<ChronySourceStats> {
  const address = readAddress(view, 4);
  const printed = address.family === 'unspecified' ? nameOfRefId(view.getUint32(0)) : address.printed;
  return {
    address,
    value: {
      name: printed,
      address: printed,
      samples: view.getUint32(24),
      runs: view.getUint32(28),
      spanSeconds: view.getUint32(32),
      standardDeviationSeconds: readFloat(view, 36),
      residualFrequencyPpm: readFloat(view, 40),
      skewPpm: readFloat(view, 44),
      offsetSeconds: readFloat(view, 48),
    },
  };
}

function nameOfRefId(refId: number): string {
  const name = refIdName(refId);
  return name === '' ? printRefId(refId) : name;
}

function readActivity(view: DataView): ChronyActivity {
  return {
    online: view.getUint32(0),
    offline: view.getUint32(4),
    burstOnline: view.getUint32(8),
    burstOffline: view.getUint32(12),
    unresolved: view.getUint32(16),
  };
}

/** Null where the name is not closed by a zero byte or holds anything else than visible ASCII. */
function readName(data: Uint8Array): string | null {
  const end = data.subarray(0, 256).indexOf(0);
  if (end <= 0) return null;
  const bytes = data.subarray(0, end);
  if (bytes.some((byte) => byte <= 0x20 || byte >= 0x7f)) return null;
  return String.fromCharCode(...bytes);
}
