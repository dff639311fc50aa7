import { expect, test } from 'vitest';
import type { Finding } from './measure.ts';
import { accuracyPage } from './page.ts';

function finding(
  flavour: string,
  source: string,
  half: number,
  holds: boolean,
  wrong: string | null,
): Finding {
  const truth = { low: 30.9999, high: 31.0001 };
  return {
    flavour,
    error: { text: '+31 s', seconds: '31' },
    readings: [{ node: 'node1', source, reported: { low: 31 - half, high: 31 + half }, truth, holds }],
    verdict: { node: 'node1', deviation: truth, codes: ['offset-warning'], wrong },
  };
}

test('counts what holds, and shows the widths', () => {
  const page = accuracyPage(
    [
      finding('chrony', 'ssh', 0.003, true, null),
      finding('chrony', 'ssh', 0.05, false, null),
      finding('bare', 'ntp', 0.0001, true, 'no offset is reported'),
    ],
    '2 cores',
  );
  expect(page).toContain('**2 of 3 intervals hold the true offset; 2 of 3 verdicts are right.**');
  expect(page).toContain('| Node | ntp | ssh |');
  expect(page).toContain('| chrony | — | 1/2 ± 50 ms, ± 50 ms |');
  expect(page).toContain('| bare | 1/1 ± 0.10 ms, ± 0.10 ms | — |');
  expect(page).toContain('| +31 s | offset-warning (3) | 2/3 |');
});
