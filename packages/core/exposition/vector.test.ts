import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readVector } from './index.ts';

const capture = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/prometheus-2.42/${name}.json`, import.meta.url), 'utf8');

describe('replies of Prometheus 2.42', () => {
  test('a vector, with the labels of its series and the time of the evaluation', () => {
    expect(readVector(capture('vector'))).toMatchObject({
      ok: true,
      samples: [{ labels: { __name__: 'node_timex_sync_status', job: 'node', node: 'n1' }, value: 0 }],
      evaluatedSeconds: expect.closeTo(1.795e9, -7),
      warnings: [],
    });
    const many = readVector(capture('many'));
    expect(many.ok && many.samples.length).toBeGreaterThan(15);
  });

  test('nothing found is no failure', () => {
    expect(readVector(capture('empty'))).toEqual({
      ok: true,
      samples: [],
      evaluatedSeconds: null,
      warnings: [],
    });
  });

  test('NaN and infinity are values', () => {
    expect(readVector(capture('nan'))).toMatchObject({ samples: [{ value: Number.NaN }] });
    expect(readVector(capture('infinite'))).toMatchObject({ samples: [{ value: Number.POSITIVE_INFINITY }] });
  });

  test('a scalar is a vector of one', () => {
    expect(readVector(capture('scalar'))).toMatchObject({ ok: true, samples: [{ labels: {}, value: 0 }] });
  });

  test('an error says which', () => {
    expect(readVector(capture('error'))).toMatchObject({
      ok: false,
      errorType: 'bad_data',
      message: expect.stringContaining('parse error'),
    });
  });

  test('warnings come with the data', () => {
    const reply = readVector(capture('warnings'));
    expect(reply.ok && reply.warnings[0]).toContain('remote_read');
    expect(reply.ok && reply.samples).toHaveLength(1);
  });

  test('a range is no instant vector', () => {
    expect(readVector(capture('matrix'))).toEqual({ ok: false, errorType: null, message: 'not a vector' });
  });

  test('cut anywhere it is malformed', () => {
    const whole = capture('vector').trimEnd();
    for (let length = 0; length < whole.length; length += 1) {
      expect(readVector(whole.slice(0, length))).toMatchObject({ ok: false, errorType: null });
    }
  });
});

test('any JSON is read or refused', () => {
  const sample = fc.record({ metric: fc.object(), value: fc.array(fc.jsonValue(), { maxLength: 3 }) });
  const data = fc.record({
    resultType: fc.constantFrom('vector', 'scalar'),
    result: fc.oneof(fc.array(sample), fc.jsonValue()),
  });
  const reply = fc.record({
    status: fc.constantFrom('success', 'error', 1),
    data: fc.oneof(data, fc.jsonValue()),
    warnings: fc.jsonValue(),
  });
  fc.assert(
    fc.property(reply, (value) => {
      const read = readVector(JSON.stringify(value));
      if (read.ok) for (const { value } of read.samples) expect(typeof value).toBe('number');
    }),
  );
});
