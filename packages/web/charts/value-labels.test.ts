import { describe, expect, it } from 'vitest';
import { secondsLabels } from './value-labels.ts';

describe('labels of an axis of seconds', () => {
  it('has one unit and the digits that the steps need', () => {
    expect(secondsLabels([-0.0005, 0, 0.0005, 0.001])).toEqual(['−0.5 ms', '0', '+0.5 ms', '+1.0 ms']);
    expect(secondsLabels([-100e-6, 0, 100e-6])).toEqual(['−100 µs', '0', '+100 µs']);
  });

  it('tells neighbours apart far from zero', () => {
    expect(secondsLabels([187.2998, 187.3, 187.3002])).toEqual([
      '+3.121663 min',
      '+3.121667 min',
      '+3.121670 min',
    ]);
  });

  it('has nothing to say about nothing', () => {
    expect(secondsLabels([])).toEqual([]);
    expect(secondsLabels([0])).toEqual(['0']);
  });
});
