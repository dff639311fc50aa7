import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symlog, symlogInverse, symlogScale, symlogTicks, symmetricDomain } from './symlog.ts';

const seconds = fc.double({ min: -1e9, max: 1e9, noNaN: true });

describe('the symmetric logarithmic scale', () => {
  it('is linear inside a millisecond and has a decade a unit beyond', () => {
    expect([0, 0.0005, 0.001, 0.01, 1, -0.0005, -30].map(symlog)).toEqual([
      0,
      0.5,
      1,
      2,
      4,
      -0.5,
      -(1 + Math.log10(30_000)),
    ]);
  });

  it('goes there and back', () => {
    fc.assert(
      fc.property(seconds, (value) => {
        expect(symlogInverse(symlog(value))).toBeCloseTo(value, -Math.log10(Math.abs(value) * 1e-9 + 1e-12));
      }),
    );
  });

  it('keeps the order and the sign', () => {
    fc.assert(
      fc.property(seconds, seconds, (a, b) => {
        expect(symlog(-a)).toBe(-symlog(a));
        if (a < b) expect(symlog(a)).toBeLessThanOrEqual(symlog(b));
      }),
    );
  });

  it('puts the ends of the domain on the ends of the picture', () => {
    const scale = symlogScale({ low: -0.1, high: 10 }, 50, 950);
    expect(scale.x(-0.1)).toBeCloseTo(50);
    expect(scale.x(10)).toBeCloseTo(950);
    expect(scale.seconds(scale.x(0.25))).toBeCloseTo(0.25);
  });

  it('writes zero, a millisecond and the decades', () => {
    expect(symlogTicks({ low: -0.1, high: 0.1 })).toEqual([-0.1, -0.01, -0.001, 0, 0.001, 0.01, 0.1]);
  });

  it('finds round values in a zoomed part between two decades', () => {
    expect(symlogTicks({ low: 0.2, high: 0.7 })).toEqual([0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    expect(symlogTicks({ low: -0.0003, high: 0.0003 }).length).toBeGreaterThanOrEqual(3);
  });

  it('makes a domain that holds every value and the least', () => {
    expect(symmetricDomain([], 0.1)).toEqual({ low: -0.1, high: 0.1 });
    expect(symmetricDomain([0.02, -187.3], 0.1)).toEqual({ low: -500, high: 500 });
    expect(symmetricDomain([0.3], 0.1)).toEqual({ low: -0.5, high: 0.5 });
  });
});
