import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectorFamilies, readPage } from './index.ts';

const capture = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/node-exporter-1.5/${name}`, import.meta.url), 'utf8');

const families = Object.values(collectorFamilies).flat().sort();

function seriesOf(page: string, names: readonly string[] = families) {
  const result = readPage(page, names);
  if (!result.ok) throw new Error(result.line ?? 'no page');
  return result.series;
}

describe('a page of node_exporter 1.5', () => {
  test.each(['metrics.txt', 'filtered.txt'])('%s gives the families that are asked for', (file) => {
    const series = seriesOf(capture(file));
    expect(series('node_timex_status')).toEqual([{ labels: {}, value: 64 }]);
    expect(series('node_time_seconds')[0]?.value).toBeGreaterThan(1.7e9);
    expect(series('node_os_info')[0]?.labels).toMatchObject({
      id: 'debian',
      pretty_name: 'Debian GNU/Linux 12 (bookworm)',
    });
    expect(series('node_time_clocksource_current_info')).toEqual([
      { labels: { clocksource: 'tsc', device: '0' }, value: 1 },
    ]);
  });

  test('the order of names and of families does not matter', () => {
    const page = capture('filtered.txt');
    const blocks = page.split(/^(?=# HELP)/m).reverse();
    const expected = families.map((name) => seriesOf(page)(name));
    expect(families.map((name) => seriesOf(blocks.join(''))(name))).toEqual(expected);
    expect(families.map((name) => seriesOf(page, families.toReversed())(name))).toEqual(expected);
  });

  test('a family that is not there is empty, and a page without any of them is still a page', () => {
    expect(seriesOf(capture('timex-time.txt'))('node_os_info')).toEqual([]);
    expect(seriesOf(capture('no-timex.txt'))('node_timex_status')).toEqual([]);
  });

  test.each(['missing-collector.txt', 'disabled-collector.txt'])('%s is no page', (file) => {
    expect(readPage(capture(file), families)).toEqual({ ok: false, line: null });
  });

  test('cut anywhere it gives whole numbers or says that it is cut', () => {
    const page = capture('timex-time.txt');
    const whole = seriesOf(page);
    for (let length = 0; length < page.length; length += 1) {
      const result = readPage(page.slice(0, length), families);
      if (!result.ok) continue;
      for (const name of families) {
        const samples = result.series(name);
        if (samples.length > 0) expect(samples).toEqual(whole(name));
      }
    }
  });
});

describe('the format', () => {
  test('labels may hold every character, escaped', () => {
    const series = seriesOf('a{x="1",y="\\"\\\\\\n,}{ ",} 2 1700000000000\na{ z = "时间" } -0.5e3\r\n', [
      'a',
    ]);
    expect(series('a')).toEqual([
      { labels: { x: '1', y: '"\\\n,}{ ' }, value: 2 },
      { labels: { z: '时间' }, value: -500 },
    ]);
  });

  test('a label named like something of JavaScript is a label', () => {
    const [sample] = seriesOf('a{__proto__="x",constructor="y"} 1\n', ['a'])('a');
    expect(Object.entries(sample?.labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(Object.getPrototypeOf(sample?.labels)).toBe(Object.prototype);
  });

  test.each([
    ['NaN', Number.NaN],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-Inf', Number.NEGATIVE_INFINITY],
    ['.5', 0.5],
    ['5.', 5],
    ['1.7953559104289377e+09', 1795355910.4289377],
  ])('%s is a number', (token, value) => {
    expect(seriesOf(`a ${token}\n`, ['a'])('a')[0]?.value).toBe(value);
  });

  test.each([
    'a\n',
    'a \n',
    'a x\n',
    'a 0x10\n',
    'a 1 2 3\n',
    'a{x="1} 1\n',
    'a{x=1} 1\n',
    'a{x="1"\n',
    'a{x="1"}1\n',
    'a{="1"} 1\n',
    'a 1',
    `a ${'1'.repeat(65)}\n`,
    `a{x="${'y'.repeat(20_000)}"} 1\n`,
    'a 1\n'.repeat(300),
  ])('%j is malformed or no page', (page) => {
    expect(readPage(page, ['a']).ok).toBe(false);
  });

  test('a name that begins like another is another', () => {
    const series = seriesOf('ab 1\na_total 2\na 3\n', ['a']);
    expect(series('a')).toEqual([{ labels: {}, value: 3 }]);
  });

  test.each(['', '<!doctype html><title>nginx</title>\n', '{"status":"ok"}\n', '\n\n\n'])(
    '%j is no page',
    (page) => {
      expect(readPage(page, families)).toEqual({ ok: false, line: null });
    },
  );

  test('what is written is read, whatever the labels', () => {
    const label = fc.tuple(
      fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,9}$/),
      fc.string({ unit: 'grapheme' }),
    );
    const labels = fc.uniqueArray(label, { selector: ([name]) => name, maxLength: 5 });
    // No exporter writes a negative zero, and String() does not either.
    const sample = fc.tuple(
      labels,
      fc.double().map((value) => value + 0),
    );
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 5 }), (samples) => {
        const page = samples.map(([pairs, value]) => {
          const inside = pairs.map(
            ([name, text]) => `${name}="${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`,
          );
          return `a{${inside.join(',')}} ${String(value).replace('Infinity', 'Inf')}\n`;
        });
        const read = seriesOf(`b 1\n${page.join('')}c 2\n`, ['a'])('a');
        expect(read.map(({ value }) => value)).toEqual(samples.map(([, value]) => value));
        expect(read.map((one) => Object.entries(one.labels).sort())).toEqual(
          samples.map(([pairs]) => pairs.map(([name, text]) => [name, text]).sort()),
        );
      }),
    );
  });

  test('hostile pages take no time', () => {
    const started = performance.now();
    for (const piece of ['\na', '\na{', '\na{x="', '\\', '"', ' ', '\n#', '\nab 1', 'a']) {
      readPage(piece.repeat(1_000_000 / piece.length), ['a', 'b', 'c']);
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
