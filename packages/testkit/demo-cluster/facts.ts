/** What the sources would say about a demo node at a moment, everything derived from the node's number. */
import { type ChronySource, type ChronyState, type NodeFacts, noFacts } from '@clockwarden/core/observe';
import { type Estimate, estimate, type Instant, nanosecondsOf } from '@clockwarden/core/time';
import type { Condition, DemoNode } from './nodes.ts';

/** Constant offsets of the troubled ones, seconds, positive = ahead. */
const offsets: Partial<Record<Condition, number>> = {
  'over-role-limit': 0.312,
  'over-warning': -41.7,
  'over-critical': 187.3,
  'other-timezone': 0.0021,
};

/** Oscillator of the free-running one, ppm: a second in about a day. */
const FREE_RUNNING_PPM = 11.4;
/** The stepping one is set forwards or back by this much every ten minutes. */
const STEP_SECONDS = 0.75;

/** The true offset of the node `seconds` after the demo began. */
export function demoOffset({ condition, index }: DemoNode, seconds: number): number {
  const wander =
    40e-6 * Math.sin(seconds / 97 + index) +
    25e-6 * Math.sin(seconds / 13 + index * 1.7) +
    15e-6 * Math.sin(seconds * 2.1 + index * 0.3);
  const scale = index < 3 ? 0.2 : 1 + (index % 7) * 0.8;
  const constant = offsets[condition] ?? ((index * 7919) % 200) * 1e-6 - 100e-6;
  if (condition === 'free-running') return 0.021 + FREE_RUNNING_PPM * 1e-6 * seconds + wander;
  if (condition === 'stepping') return 0.004 + stepped(seconds) + wander;
  return constant + wander * scale;
}

function stepped(seconds: number): number {
  return Math.floor(seconds / 600) % 2 === 1 ? STEP_SECONDS : 0;
}

/** The network's view: offset and bound from an exchange with the node's NTP port. */
export function clockFacts(node: DemoNode, seconds: number): NodeFacts {
  const delaySeconds = 0.00018 + (node.index % 11) * 0.00004;
  const bound = node.condition === 'wide-bound' ? 0.41 : delaySeconds / 2 + 12e-6;
  return {
    ...noFacts,
    clock: {
      offset: estimate(demoOffset(node, seconds), bound),
      delaySeconds,
      stampedBy: 'kernel',
      samples: 8,
    },
  };
}

/** The node's own view, as over ssh. */
export function insideFacts(node: DemoNode, seconds: number, now: Instant): NodeFacts {
  const { condition, index } = node;
  const timesyncd = condition === 'timesyncd';
  const synchronized = condition !== 'unsynchronized' && condition !== 'free-running';
  const daemon = timesyncd ? 'systemd-timesyncd' : 'chronyd';
  const zone = condition === 'other-timezone' ? 'Europe/Berlin' : 'Asia/Shanghai';
  const chrony = timesyncd ? null : chronyState(node, seconds, now);
  const unsync = !synchronized || condition === 'no-rtcsync';
  return {
    ...noFacts,
    kernel: {
      unsync,
      statusBits: unsync ? ['UNSYNC', 'NANO'] : timesyncd ? ['PLL', 'NANO'] : ['NANO'],
      offsetSeconds: timesyncd ? demoOffset(node, seconds) : 0,
      frequencyPpm: frequencyOf(node),
      maxErrorSeconds: synchronized ? 0.0042 : 16,
      estErrorSeconds: synchronized ? 0.0003 : 16,
      taiOffsetSeconds: 37,
      clocksource: index % 5 === 0 ? 'kvm-clock' : 'tsc',
    },
    sync: {
      synchronized,
      daemon,
      stratum: condition === 'unsynchronized' ? 0 : condition === 'free-running' ? 10 : index < 2 ? 3 : 4,
      source: synchronized ? upstreamsOf(index)[0] : null,
      refId: condition === 'free-running' ? '7F7F0101' : synchronized ? '0A140000' : '00000000',
      leap: synchronized || condition === 'free-running' ? 'normal' : 'unsynchronized',
      rootDelaySeconds: synchronized ? 0.0031 : null,
      rootDispersionSeconds: synchronized ? 0.0011 : null,
      rootDistanceSeconds: synchronized ? 0.00265 : null,
      referenceOffset: synchronized && !timesyncd ? referenceOffset(node, seconds) : null,
    },
    daemons: [
      { kind: daemon, unit: timesyncd ? 'systemd-timesyncd' : 'chrony', running: true, enabled: true },
      ...(condition === 'two-daemons'
        ? [{ kind: 'ntpd' as const, unit: 'ntp', running: true, enabled: true }]
        : []),
    ],
    chrony,
    timesync: timesyncd
      ? {
          server: 'cp-1',
          serverAddress: '10.20.0.0',
          stratum: 3,
          leap: 'normal',
          rootDelaySeconds: 0.0028,
          rootDispersionSeconds: 0.0013,
          pollIntervalSeconds: 256,
          packetCount: 1834,
          offsetSeconds: demoOffset(node, seconds),
          delaySeconds: 0.00031,
          jitterSeconds: 0.00008,
        }
      : null,
    timedatectl: {
      systemClockSynchronized: synchronized,
      ntpService: timesyncd ? 'active' : 'n/a',
      timezone: zone,
      rtcInLocalTz: condition === 'other-timezone',
    },
    timezone: {
      name: zone,
      utcOffsetSeconds: condition === 'other-timezone' ? 3_600 : 28_800,
      localtime: 'link',
      conflictingName: null,
    },
    stepClock: {
      realtimeMinusMonotonic:
        1_760_000_000_000_000_000n + nanosecondsOf(condition === 'stepping' ? stepped(seconds) : 0),
      boundSeconds: 3e-6,
      bootId: `demo-boot-${index}`,
    },
    host: {
      os: index % 2 === 0 ? 'debian' : 'rocky rhel fedora',
      osName: index % 2 === 0 ? 'Debian GNU/Linux 12 (bookworm)' : 'Rocky Linux 9.4',
      kernel: '6.1.0-28-amd64',
      bootTimeSeconds: Number(now / 1_000_000_000n) - 864_000 - index,
      chronyVersion: '4.3',
    },
    configFiles: timesyncd
      ? [{ path: '/etc/systemd/timesyncd.conf', content: '[Time]\nNTP=cp-1 cp-2\n', truncated: false }]
      : [{ path: '/etc/chrony/chrony.conf', content: chronyConf(node), truncated: false }],
    raw: {
      timedatectl: `               Time zone: ${zone}\nSystem clock synchronized: ${synchronized ? 'yes' : 'no'}\n`,
    },
  };
}

function frequencyOf({ condition, index }: DemoNode): number {
  return condition === 'free-running' ? FREE_RUNNING_PPM : ((index * 37) % 400) / 10 - 20;
}

function referenceOffset(node: DemoNode, seconds: number): Estimate {
  return estimate(demoOffset(node, seconds) * 0.8, 0.00265);
}

function upstreamsOf(index: number): readonly [string, ...string[]] {
  return index < 2
    ? ['ntp1.example.net', 'ntp2.example.net', 'ntp3.example.net', index === 0 ? 'cp-2' : 'cp-1']
    : ['cp-1', 'cp-2', 'ntp3.example.net'];
}

const addresses: Readonly<Record<string, string>> = {
  'cp-1': '10.20.0.0',
  'cp-2': '10.20.0.1',
  'ntp1.example.net': '203.0.113.11',
  'ntp2.example.net': '203.0.113.12',
  'ntp3.example.net': '203.0.113.13',
};

function sourceStateOf(condition: Condition, position: number): ChronySource['state'] {
  if (condition === 'unsynchronized' || condition === 'free-running') return 'unusable';
  if (position === 0) return 'selected';
  if (condition === 'liar-among-sources' && position === 2) return 'falseticker';
  return position === 1 ? 'combined' : 'not-combined';
}

function chronyState(node: DemoNode, seconds: number, now: Instant): ChronyState {
  const { condition, index } = node;
  const lost = condition === 'unsynchronized' || condition === 'free-running';
  const offset = demoOffset(node, seconds);
  const names = upstreamsOf(index);
  const sources = names.map((name, position) => ({
    name,
    address: addresses[name] ?? name,
    mode: 'server' as const,
    state: sourceStateOf(condition, position),
    stratum: name.startsWith('cp-') ? 3 : 2,
    poll: 6 + (index % 4),
    reach: lost ? 0 : index % 6 === 4 && position === 1 ? 0o357 : 0o377,
    lastSampleAgeSeconds: lost ? null : Math.floor((seconds + index * 13) % 64),
    adjustedOffsetSeconds: offset + position * 31e-6,
    measuredOffsetSeconds: offset + position * 40e-6,
    errorSeconds: 0.0004 + position * 0.0003,
  }));
  return {
    tracking: {
      refId: condition === 'free-running' ? '7F7F0101' : lost ? '00000000' : '0A140000',
      refName: lost ? null : names[0],
      stratum: condition === 'free-running' ? 10 : lost ? 0 : index < 2 ? 3 : 4,
      leap: condition === 'unsynchronized' ? 'unsynchronized' : 'normal',
      referenceTimeSeconds: lost ? null : Number(now / 1_000_000_000n) - 30,
      // What chronyd still slews: its NTP answers have it corrected already.
      systemOffsetSeconds: 1e-6 * Math.sin(seconds / 31 + index),
      lastOffsetSeconds: offset * 0.3,
      rmsOffsetSeconds: 0.00012,
      frequencyPpm: frequencyOf(node),
      residualFrequencyPpm: 0.003,
      skewPpm: lost ? 4.2 : 0.041,
      rootDelaySeconds: lost ? 0 : 0.0031,
      rootDispersionSeconds: lost ? 0 : 0.0011,
      updateIntervalSeconds: 64.4,
    },
    sources,
    sourceStats: sources.map((source, position) => ({
      name: source.name,
      address: source.address,
      samples: 12 + position,
      runs: 6,
      spanSeconds: 780,
      residualFrequencyPpm: 0.004 * (position - 1),
      skewPpm: 0.08 + position * 0.05,
      offsetSeconds: source.adjustedOffsetSeconds,
      standardDeviationSeconds: 0.00009,
    })),
    activity: { online: sources.length, offline: 0, burstOnline: 0, burstOffline: 0, unresolved: 0 },
  };
}

function chronyConf({ index, condition }: DemoNode): string {
  return [
    ...upstreamsOf(index).map((name) => `server ${name} iburst`),
    'driftfile /var/lib/chrony/chrony.drift',
    ...(condition === 'no-rtcsync' ? [] : ['rtcsync']),
    'makestep 1.0 3',
    ...(index < 2 ? ['allow 10.20.0.0/16', 'local stratum 10 orphan'] : []),
    '',
  ].join('\n');
}
