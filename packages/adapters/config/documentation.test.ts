import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkConfig, configJsonSchema } from './index.ts';

function page(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../docs/reference/${name}`, import.meta.url)), 'utf8');
}

/** Every key that a JSON Schema has, at any depth. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}

describe.each(['configuration.md', 'configuration.zh-CN.md'])('docs/reference/%s', (name) => {
  it('explains every key', () => {
    const content = page(name);
    const keys = [...new Set(keysOf(configJsonSchema()))];
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter((key) => !new RegExp(`[\`.]${key}[\`.]|^ *${key}:`, 'm').test(content))).toEqual([]);
  });

  it('shows an example that is valid', () => {
    const examples = [...page(name).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, content = '']) => content);
    expect(parse(examples[0] ?? '')).toHaveProperty('nodes');
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) checkConfig(example, 'clockwarden.yaml');
  });
});

describe.each(['timesync.md', 'timesync.zh-CN.md'])('docs/reference/%s', (name) => {
  it('gives the reason of every key of the block', () => {
    const schema = configJsonSchema() as {
      readonly properties: { readonly timesync: { properties: object } };
    };
    const keys = Object.keys(schema.properties.timesync.properties);
    expect(keys).toContain('adopt');
    const content = page(name);
    expect(keys.filter((key) => !new RegExp(`\\*\\*.*\`${key}[:\`]`).test(content) && key !== 'ptp')).toEqual(
      [],
    );
    expect(content).toContain('## PTP');
  });

  it('shows examples that are valid', () => {
    const examples = [...page(name).matchAll(/```yaml\n([\s\S]*?)```/g)];
    expect(examples.length).toBeGreaterThan(2);
    for (const [, example = ''] of examples) checkConfig(example, 'clockwarden.yaml');
  });
});
