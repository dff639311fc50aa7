/** ntpd's system variables: what `ntpq -n -c 'rv 0'` prints (ntp.org and ntpsec, RFC 9327 names). */
import type { Leap, SyncState } from '../observe/index.ts';
import { parseNumber } from '../output/index.ts';
import { estimate } from '../time/index.ts';

const leapCodes: Readonly<Record<string, Leap>> = {
  '00': 'normal',
  '01': 'insert-second',
  '10': 'delete-second',
  '11': 'unsynchronized',
};

/**
 * The state of the node as ntpd tells it; null when the text is something else. Without a source ntpd keeps the root
 * values of its last one, so they count only while it is synchronised.
 * @param source the peer it follows, from `ntpq -pn`; null: none, or unknown
 */
export function syncStateOfNtpd(text: string, source: string | null): SyncState | null {
  const values = variablesOf(text);
  const leap = leapCodes[values.get('leap') ?? ''];
  const stratum = parseNumber(values.get('stratum') ?? '');
  if (leap === undefined || stratum === null) return null;
  const synchronized = leap !== 'unsynchronized' && stratum < 16;
  const milliseconds = (name: string): number | null => {
    const value = parseNumber(values.get(name) ?? '');
    return value === null || !synchronized ? null : value / 1000;
  };
  const rootDelaySeconds = milliseconds('rootdelay');
  const rootDispersionSeconds = milliseconds('rootdisp');
  const offset = milliseconds('offset');
  const distance =
    rootDelaySeconds === null || rootDispersionSeconds === null
      ? null
      : rootDispersionSeconds + rootDelaySeconds / 2;
  return {
    synchronized,
    daemon: values.get('version')?.includes('ntpsec') ? 'ntpsec' : 'ntpd',
    stratum: synchronized ? stratum : null,
    source: synchronized ? source : null,
    refId: values.get('refid') ?? null,
    leap,
    rootDelaySeconds,
    rootDispersionSeconds,
    rootDistanceSeconds: distance,
    // ntpd's offset is what the clock lacks: positive = the node is behind.
    referenceOffset: offset === null || distance === null ? null : estimate(0 - offset, distance),
  };
}

/** `leap=00, stratum=3, version="ntpd 4.2.8p15@1.3728-o Wed …"`. */
function variablesOf(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const [, name = '', quoted, bare] of text.matchAll(
    /\b([a-z_]{1,32})=(?:"([^"]{0,200})"|([^,\s]{0,200}))/g,
  )) {
    variables.set(name, quoted ?? bare ?? '');
  }
  return variables;
}
