import { describe, expect, it } from 'vitest';
import { symlogScale } from '../../charts/symlog.ts';
import { rowOf } from '../../testing/rows.ts';
import { LABEL_HEIGHT, layoutLanes } from './layout.ts';

const scale = symlogScale({ low: -0.1, high: 0.1 }, 0, 600);

describe('the lanes of the strip', () => {
  it('place nodes that would cover each other on levels of their own', () => {
    const [lane] = layoutLanes([rowOf({ name: 'a' }), rowOf({ name: 'b' })], scale, 600);
    expect(lane).toMatchObject({ role: 'worker', placed: 2, unknown: 0 });
    expect(new Set(lane?.marks.map((mark) => mark.y)).size).toBe(2);
  });

  it('are a label and nothing more where no node has an offset', () => {
    const lanes = layoutLanes([rowOf({ role: 'etcd', offset: null }), rowOf()], scale, 600);
    expect(lanes.map(({ role, placed, unknown }) => ({ role, placed, unknown }))).toEqual([
      { role: 'etcd', placed: 0, unknown: 1 },
      { role: 'worker', placed: 1, unknown: 0 },
    ]);
    expect(lanes[0]?.height).toBeLessThan(LABEL_HEIGHT + 12);
    expect(lanes[1]?.top).toBe(lanes[0]?.height);
  });
});
