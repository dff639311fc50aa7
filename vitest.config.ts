import { defineConfig } from 'vitest/config';

const everywhere = ['packages', 'lab', 'e2e', 'scripts', 'bench'];
const files = (suffix: string): string[] => everywhere.map((room) => `${room}/**/*.${suffix}.{ts,tsx}`);
const special = ['integration.test', 'browser.test', 'lab.test', 'proof.test'].flatMap(files);
const outside = ['**/node_modules/**', '**/dist/**'];

/** Real processes share two cores: these projects run one file at a time and get patient limits. */
const withProcesses = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 300_000 } as const;

const withNodes = { fileParallelism: false, testTimeout: 900_000, hookTimeout: 900_000 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: files('test'),
          exclude: [...special, ...outside],
          testTimeout: 20_000,
        },
      },
      {
        test: { name: 'integration', include: files('integration.test'), exclude: outside, ...withProcesses },
      },
      { test: { name: 'browser', include: files('browser.test'), exclude: outside, ...withProcesses } },
      { test: { name: 'lab', include: files('lab.test'), exclude: outside, ...withNodes } },
      // Too long for every run: `npm run proof`.
      { test: { name: 'proof', include: files('proof.test'), exclude: outside, ...withNodes } },
    ],
  },
});
