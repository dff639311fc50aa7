import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { attack, type FuzzTarget, findTargets } from './index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const targets = await findTargets(root);

describe('the fuzzer itself', () => {
  const plan = { seed: 1, from: 0, inputs: 500, limitMs: 100 };
  const seeds = (): Uint8Array[] => [new TextEncoder().encode('offset 12\n')];

  it('finds a crash and can repeat it from its number alone', () => {
    const fragile: FuzzTarget = {
      name: 'fragile',
      seeds,
      run: (input) => {
        if (input.length > 20) throw new Error('too long');
      },
    };
    const finding = attack(fragile, plan);
    expect(finding).toMatchObject({ kind: 'crash' });
    const again = attack(fragile, { ...plan, from: finding?.index ?? -1, inputs: 1 });
    expect(again?.input).toEqual(finding?.input);
  });

  it('finds an input that takes too long', () => {
    const slow: FuzzTarget = {
      name: 'slow',
      seeds,
      run: (input) => {
        const until = performance.now() + (input.length > 20 ? 15 : 0);
        while (performance.now() < until);
      },
    };
    expect(attack(slow, { ...plan, limitMs: 10 })).toMatchObject({ kind: 'hang' });
  });

  it('finds memory that is kept', () => {
    const kept: number[][] = [];
    const leaking: FuzzTarget = { name: 'leaking', run: () => void kept.push(new Array(20_000).fill(0.5)) };
    expect(attack(leaking, plan)).toMatchObject({ kind: 'memory' });
    expect(kept.length).toBe(500);
  });
});

describe('every parser, a slice', () => {
  it('has targets', () => {
    expect(targets.length).toBeGreaterThan(20);
  });

  for (const { target } of targets) {
    it(target.name, () => {
      const finding = attack(target, {
        seed: 20_261_122,
        from: 0,
        inputs: 2_000,
        limitMs: 1_000,
        budgetMs: 1_000,
      });
      expect(finding).toBeNull();
    });
  }
});
