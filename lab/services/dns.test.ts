import { expect, test } from 'vitest';
import { answerQuery } from './dns.ts';

const names = new Map([['ntp1', '10.99.0.201']]);

function query(name: string, type = 1): Buffer {
  const head = Buffer.from([0xab, 0xcd, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]);
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Buffer.concat([head, Buffer.from([...labels, 0, 0, type, 0, 1])]);
}

test.each(['ntp1', 'ntp1.lab', 'NTP1.LAB'])('%s has its address', (name) => {
  const reply = answerQuery(query(name), names);
  expect(reply?.readUInt16BE(0)).toBe(0xabcd);
  expect((reply?.readUInt16BE(2) ?? 0) & 0x800f).toBe(0x8000);
  expect(reply?.readUInt16BE(6)).toBe(1);
  expect([...(reply?.subarray(-4) ?? [])]).toEqual([10, 99, 0, 201]);
});

test('a known name has no address of another kind, an unknown one does not exist', () => {
  const other = answerQuery(query('ntp1', 28), names);
  expect([(other?.readUInt16BE(2) ?? 0) & 15, other?.readUInt16BE(6)]).toEqual([0, 0]);
  const unknown = answerQuery(query('0.debian.pool.ntp.org'), names);
  expect((unknown?.readUInt16BE(2) ?? 0) & 15).toBe(3);
});

test('a query cut off anywhere is ignored', () => {
  const whole = query('ntp1.lab');
  for (let length = 0; length < whole.length; length++) {
    expect(answerQuery(whole.subarray(0, length), names), `${length} bytes`).toBeUndefined();
  }
});
