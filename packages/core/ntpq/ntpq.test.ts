import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseNtpdate, parsePeers, syncStateOfPeers } from './index.ts';

function captured(file: string): string {
  return readFileSync(new URL(`../../../fixtures/ntpsec-1.2.2/${file}`, import.meta.url), 'utf8');
}

describe('ntpq -p', () => {
  it('is read with our sign and in seconds', () => {
    const peers = parsePeers(captured('ntpq-pn.txt'));
    expect(peers?.map(({ tally }) => tally)).toEqual(['*', '+', '+', 'x', ' ', ' ']);
    const liar = peers?.[3];
    expect(liar).toMatchObject({ remote: '10.83.0.14', stratum: 1, type: 'u' });
    expect(liar?.offsetSeconds).toBeCloseTo(-5, 2);
    expect(peers?.[4]).toMatchObject({
      refId: 'INIT',
      stratum: 16,
      reach: 0,
      lastPacketAgeSeconds: null,
      offsetSeconds: null,
    });
    expect(peers?.[5]).toMatchObject({ remote: 'LOCAL(0)', type: 'l' });
  });

  it('is read as ntp.org prints it, both signs', () => {
    const text = [
      '     remote           refid      st t when poll reach   delay   offset  jitter',
      '==============================================================================',
      '*time.example.cn .GPS.            1 u   33   64  377    0.412   -1.250   0.051',
      '-2001:db8::1     10.0.0.1         2 u  17m 1024  176   20.000  +12.500   3.000',
    ].join('\n');
    expect(parsePeers(text)).toEqual([
      {
        tally: '*',
        remote: 'time.example.cn',
        refId: 'GPS',
        stratum: 1,
        type: 'u',
        lastPacketAgeSeconds: 33,
        pollSeconds: 64,
        reach: 255,
        delaySeconds: 0.000412,
        offsetSeconds: 0.00125,
        jitterSeconds: 5.1e-5,
      },
      {
        tally: '-',
        remote: '2001:db8::1',
        refId: '10.0.0.1',
        stratum: 2,
        type: 'u',
        lastPacketAgeSeconds: 1020,
        pollSeconds: 1024,
        reach: 0o176,
        delaySeconds: 0.02,
        offsetSeconds: -0.0125,
        jitterSeconds: 0.003,
      },
    ]);
  });

  it('tells whether the node follows somebody', () => {
    const peers = parsePeers(captured('ntpq-p.txt')) ?? [];
    expect(syncStateOfPeers(peers, 'ntpsec')).toMatchObject({
      synchronized: true,
      daemon: 'ntpsec',
      stratum: 3,
      source: '10.83.0.11',
    });
    const others = peers.filter(({ tally }) => tally !== '*');
    expect(syncStateOfPeers(others, 'ntpd')).toMatchObject({
      synchronized: false,
      stratum: null,
      source: null,
    });
  });

  it('knows no peers from another text', () => {
    expect(parsePeers("No association ID's returned")).toEqual([]);
    expect(parsePeers('ntpq: read: Connection refused')).toBeNull();
    expect(parsePeers('')).toBeNull();
  });
});

describe('ntpdate -q', () => {
  it('of ntpsec is read with our sign', () => {
    const far = parseNtpdate(captured('ntpdate-q-ahead.txt'))?.servers[0];
    expect(far).toMatchObject({ server: '10.83.0.14', stratum: 1 });
    expect(far?.offsetSeconds).toBeCloseTo(-5, 2);
    expect(parseNtpdate(captured('ntpdate-q-silent.txt'))).toEqual({ servers: [], conclusion: 'no-server' });
  });

  it('of ntp.org is read with its silent servers and its conclusion', () => {
    const text = [
      'server 10.0.0.1, stratum 2, offset -0.500125, delay 0.02574',
      'server 10.0.0.2, stratum 0, offset 0.000000, delay 0.00000',
      ' 1 Jan 00:00:00 ntpdate[123]: step time server 10.0.0.1 offset -0.500125 sec',
    ].join('\r\n');
    expect(parseNtpdate(text)).toEqual({
      servers: [
        { server: '10.0.0.1', stratum: 2, offsetSeconds: 0.500125, boundSeconds: 0.01287 },
        { server: '10.0.0.2', stratum: 0, offsetSeconds: null, boundSeconds: null },
      ],
      conclusion: 'step',
    });
    expect(parseNtpdate('hello')).toBeNull();
  });
});
