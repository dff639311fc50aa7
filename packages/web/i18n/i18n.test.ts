import { describe, expect, it } from 'vitest';
import { en } from './en/index.ts';
import { zhCN } from './zh-cn/index.ts';

type Tree = { readonly [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : leaves(value, `${path}${key}.`),
  );
}

const placeholders = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe('the labels', () => {
  it('exist in both languages with the same places to fill', () => {
    const chinese = new Map(leaves(zhCN));
    for (const [key, label] of leaves(en)) {
      expect(placeholders(chinese.get(key) ?? ''), key).toEqual(placeholders(label));
    }
    expect(chinese.size).toBe(leaves(en).length);
  });

  it('are never empty', () => {
    expect([...leaves(en), ...leaves(zhCN)].filter(([, label]) => label.trim() === '')).toEqual([]);
  });
});
