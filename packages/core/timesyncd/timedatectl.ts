/** `timedatectl` in the wordings of systemd 208 to today, and `timedatectl show`. */
import type { Timedatectl } from '../observe/index.ts';
import { assignment, labelledValues } from '../output/index.ts';

/** Labels of `timedatectl [status]` by what they say. The first is today's, the others older systemd's. */
export const timedatectlLabels = {
  localTime: ['Local time'],
  universalTime: ['Universal time'],
  rtcTime: ['RTC time'],
  timezone: ['Time zone', 'Timezone'],
  synchronized: ['System clock synchronized', 'NTP synchronized'],
  /** 219-238 `Network time on`, before `NTP enabled`; Ubuntu's 237 the unit itself. */
  ntpService: ['NTP service', 'Network time on', 'NTP enabled', 'systemd-timesyncd.service active'],
  rtcInLocalTz: ['RTC in local TZ'],
  dst: ['DST active', 'Last DST change', 'Next DST change'],
} as const satisfies Record<string, readonly string[]>;

export type TimedatectlPart = keyof typeof timedatectlLabels;

/** Null when nothing in the text is of timedatectl. Values that are absent or unknown are null one by one. */
export function parseTimedatectl(text: string): Timedatectl | null {
  return timedatectlOf(labelledValues(text)) ?? timedatectlShowOf(labelledValues(text, assignment));
}

export function timedatectlOf(values: ReadonlyMap<string, string>): Timedatectl | null {
  const value = (part: TimedatectlPart): string | null => {
    const label = timedatectlLabels[part].find((one) => values.has(one));
    return label === undefined ? null : (values.get(label) ?? null);
  };
  const state = {
    systemClockSynchronized: yesOrNo(value('synchronized')),
    ntpService: serviceOf(value('ntpService')),
    timezone: zoneOf(value('timezone')),
    rtcInLocalTz: yesOrNo(value('rtcInLocalTz')),
  };
  return Object.values(state).every((one) => one === null) ? null : state;
}

/** `timedatectl show`: NTP says whether it is enabled, CanNTP whether there is a service to enable. */
export function timedatectlShowOf(values: ReadonlyMap<string, string>): Timedatectl | null {
  if (!values.has('NTPSynchronized') && !values.has('Timezone')) return null;
  const enabled = yesOrNo(values.get('NTP') ?? null);
  return {
    systemClockSynchronized: yesOrNo(values.get('NTPSynchronized') ?? null),
    ntpService:
      values.get('CanNTP') === 'no' ? 'n/a' : enabled === null ? null : enabled ? 'active' : 'inactive',
    timezone: zoneOf(values.get('Timezone') ?? null),
    rtcInLocalTz: yesOrNo(values.get('LocalRTC') ?? null),
  };
}

function yesOrNo(value: string | null): boolean | null {
  return value === 'yes' ? true : value === 'no' ? false : null;
}

function serviceOf(value: string | null): Timedatectl['ntpService'] {
  if (value === 'active' || value === 'yes') return 'active';
  if (value === 'inactive' || value === 'no') return 'inactive';
  return value === 'n/a' ? 'n/a' : null;
}

/** `Asia/Shanghai (CST, +0800)` → `Asia/Shanghai`. */
function zoneOf(value: string | null): string | null {
  const name = /^([A-Za-z][A-Za-z0-9_+/-]{0,63})(?= \(|$)/.exec(value ?? '')?.[1];
  return name === undefined || name === 'n/a' ? null : name;
}
