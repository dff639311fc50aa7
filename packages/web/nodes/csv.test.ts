import { describe, expect, it } from 'vitest';
import { rowOf } from '../testing/rows.ts';
import { cellText, csvOf } from './csv.ts';

describe('the CSV export', () => {
  it('has a line for each row, numbers as numbers and nothing where nothing is known', () => {
    const csv = csvOf(
      [
        rowOf({
          name: 'w-1',
          verdict: 'warning',
          offset: { seconds: -0.25, lowSeconds: -0.26, highSeconds: -0.24 },
          worst: { code: 'role-limit', text: { en: 'Beyond, by far', 'zh-CN': '超出很多' } },
          timezone: null,
        }),
      ],
      'zh-CN',
    );
    expect(csv).toBe(
      '\uFEFFname,address,role,status,reason,since,synchronized,daemon,follows,stratum,offset_seconds,offset_low_seconds,offset_high_seconds,kernel_unsync,timezone,age_seconds\r\n' +
        'w-1,10.0.0.1,worker,warning,超出很多,,true,chronyd,cp-1,4,-0.25,-0.26,-0.24,false,,1\r\n',
    );
  });

  it.each(['=1+1', '+cmd', '-2', '@SUM(A1)', '\tx', '\rx', '|calc', '%0A'])(
    'defuses the formula %j',
    (text) => {
      expect(cellText(text).replace(/^"/, '').startsWith("'")).toBe(true);
    },
  );

  it('quotes what has commas, quotes or line breaks', () => {
    expect(cellText('a,b')).toBe('"a,b"');
    expect(cellText('say "no"\n')).toBe('"say ""no""\n"');
    expect(cellText(-3)).toBe('-3');
    expect(cellText(null)).toBe('');
  });
});
