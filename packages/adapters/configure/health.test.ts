import { expect, test } from 'vitest';
import { parseHealth } from './health.ts';

test('what each said is told apart, and a script that was cut told nothing', () => {
  const output = `motd of the site
clockwarden-health 1
etcd bad HTTP 503 from http://127.0.0.1:2381/health
apiserver unknown
`;
  expect(parseHealth(output)).toEqual({
    etcd: { state: 'bad', said: 'HTTP 503 from http://127.0.0.1:2381/health' },
    apiserver: { state: 'unknown', said: '' },
  });
  expect(parseHealth('clockwarden-health 1\netcd ok\n')).toBe(null);
  expect(parseHealth('etcd ok\napiserver fine\n')).toBe(null);
});
