import type { FuzzTarget } from '@clockwarden/testkit/fuzz';
import { decodePacket, encodePacket, encodeRequest } from './packet.ts';
import { reportOf } from './report.ts';
import { offsetOf, readSample } from './sample.ts';

export const fuzz: FuzzTarget = {
  name: 'ntp-packet',
  seeds: () => [
    encodeRequest(4, 0x0123456789abcdefn),
    encodePacket({
      leap: 0,
      version: 4,
      mode: 4,
      stratum: 2,
      poll: 6,
      precision: -24,
      rootDelay: 0x100,
      rootDispersion: 0x200,
      referenceId: 0x0a000001,
      reference: 0xeead72e3b78d2230n,
      origin: 0x0123456789abcdefn,
      receive: 0xeead72e5153ec9edn,
      transmit: 0xeead72e515433c84n,
    }),
  ],
  run: (input) => {
    const decoded = decodePacket(input);
    if (!decoded.ok) return;
    const report = reportOf(decoded.packet);
    const read = readSample(decoded.packet, 5_000_000_000n, 5_000_200_000n, 1e-6);
    const numbers = read.ok
      ? [
          read.sample.boundSeconds,
          offsetOf(read.sample, (monotonic) => 1_795_355_200_000_000_000n + monotonic).seconds,
        ]
      : [];
    for (const number of [...numbers, report.rootDistanceSeconds, report.precisionSeconds]) {
      if (!Number.isFinite(number)) throw new Error('a number that is none');
    }
  },
};
