import { expect, test } from 'vitest';
import { modulesOfTree, violationsOf } from './layers.ts';

const planted = (path: string, source: string): number => violationsOf([{ path, source }]).length;

test('a planted violation is found', () => {
  expect(
    planted('packages/core/ntp/x.ts', "import { createTimeBase } from '@clockwarden/adapters/time-base';"),
  ).toBe(1);
  expect(planted('packages/core/ntp/x.ts', "import type { Socket } from 'node:dgram';")).toBe(1);
  expect(planted('packages/core/ntp/x.ts', "export { x } from '../../adapters/ntp/index.ts';")).toBe(1);
  expect(planted('packages/web/x.tsx', "import {\n  a,\n  b,\n} from '@clockwarden/server/http';")).toBe(1);
  expect(planted('packages/web/x.tsx', "const late = await import('@clockwarden/adapters/store');")).toBe(1);
  expect(planted('packages/api/x.ts', "import { Hono } from 'hono';")).toBe(1);
});

test('what is allowed is not a violation', () => {
  expect(
    planted(
      'packages/server/x.ts',
      "import { a } from '@clockwarden/core/time';\nimport { Hono } from 'hono';",
    ),
  ).toBe(0);
  expect(planted('packages/core/ntp/x.ts', "import { a } from '../time/index.ts';")).toBe(0);
  expect(planted('packages/core/ntp/x.ts', "// import { a } from 'node:fs'")).toBe(0);
  expect(planted('packages/core/ntp/x.test.ts', "import { a } from '@clockwarden/testkit/wait';")).toBe(0);
});

test('the tree keeps its borders, and was really read', () => {
  const modules = modulesOfTree();
  expect(modules.length).toBeGreaterThan(100);
  expect(violationsOf(modules)).toEqual([]);
});
