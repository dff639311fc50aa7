import type { ChronySource } from '@clockwarden/core/observe';
import { describe, expect, it } from 'vitest';
import { markOf, remarksOn } from './meaning.ts';

const source: ChronySource = {
  name: 'cp-1',
  address: '10.0.0.1',
  mode: 'server',
  state: 'selected',
  stratum: 3,
  poll: 6,
  reach: 0o377,
  lastSampleAgeSeconds: 40,
  adjustedOffsetSeconds: 0,
  measuredOffsetSeconds: 0,
  errorSeconds: 0.001,
};

describe('what a source of chronyd means', () => {
  it('prints the marks of chronyc', () => {
    expect(markOf(source)).toBe('^*');
    expect(markOf({ mode: 'peer', state: 'falseticker' })).toBe('=x');
    expect(markOf({ mode: 'refclock', state: 'jittery' })).toBe('#~');
  });

  it('has nothing to add to a source in order', () => {
    expect(remarksOn(source)).toEqual([]);
  });

  it('tells lost polls from a source that never answers', () => {
    expect(remarksOn({ ...source, reach: 0o357 })).toEqual([{ key: 'someLost', lost: 1 }]);
    expect(remarksOn({ ...source, reach: 0, lastSampleAgeSeconds: null })).toEqual([
      { key: 'neverAnswered' },
    ]);
  });

  it('sees that samples are rejected although every poll is answered', () => {
    expect(remarksOn({ ...source, lastSampleAgeSeconds: 1_000 })).toEqual([
      { key: 'samplesRejected', ageSeconds: 1_000 },
    ]);
  });
});
