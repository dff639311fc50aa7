import { expect, test } from 'vitest';
import { portStatesOf } from './ptp-ports.ts';

/** pmc of linuxptp 3.1.1. */
const said = (state: string): string => `sending: GET PORT_DATA_SET
\t7e0cc8.fffe.08af8f-1 seq 0 RESPONSE MANAGEMENT PORT_DATA_SET 
\t\tportIdentity            7e0cc8.fffe.08af8f-1
\t\tportState               ${state}
\t\tlogMinDelayReqInterval  0
\t\tpeerMeanPathDelay       0
`;

test('the state of each port, or that nobody was asked', () => {
  expect(portStatesOf(`clockwarden-ptp 1\n${said('UNCALIBRATED')}end\n`)).toEqual(['UNCALIBRATED']);
  expect(portStatesOf(`${said('SLAVE')}${said('PASSIVE')}end\n`)).toEqual(['SLAVE', 'PASSIVE']);
  expect(portStatesOf('clockwarden-ptp 1\nsending: GET PORT_DATA_SET\nend\n')).toEqual([]);
  expect(portStatesOf(`clockwarden-ptp 1\n${said('SLAVE')}`)).toBe(null);
  expect(portStatesOf('')).toBe(null);
});
