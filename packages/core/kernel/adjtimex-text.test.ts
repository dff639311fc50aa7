import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernelStateOf, parseNtptime } from './index.ts';

const captured = readFileSync(new URL('../../../fixtures/adjtimex/ntptime.txt', import.meta.url), 'utf8');

describe('ntptime', () => {
  it('is read from a real capture', () => {
    const timex = parseNtptime(captured);
    expect(timex).toEqual({
      status: 0x40,
      offsetSeconds: 0,
      frequencyPpm: 0,
      maxErrorSeconds: 16,
      estErrorSeconds: 16,
      taiOffsetSeconds: 0,
    });
    expect(timex && kernelStateOf(timex, null)).toMatchObject({ unsync: true, statusBits: ['UNSYNC'] });
  });

  it('has both signs, microseconds and no need of a TAI offset', () => {
    const text = [
      'ntp_adjtime() returns code 0 (OK)',
      '  modes 0x0 (),',
      '  offset -12.250 us, frequency -1.288 ppm, interval 1 s,',
      '  maximum error 500 us, estimated error 16 us,',
      '  status 0x2001 (PLL,NANO),',
    ].join('\n');
    const timex = parseNtptime(text);
    expect(timex).toMatchObject({ status: 0x2001, frequencyPpm: -1.288, taiOffsetSeconds: null });
    expect(timex?.offsetSeconds).toBeCloseTo(-12.25e-6, 12);
    expect(parseNtptime(text.replace('-12.250', '12.250'))?.offsetSeconds).toBeCloseTo(12.25e-6, 12);
  });

  it('is null when cut before its status', () => {
    const until = captured.indexOf('(UNSYNC)');
    for (let length = 0; length < until; length++) expect(parseNtptime(captured.slice(0, length))).toBeNull();
  });
});
