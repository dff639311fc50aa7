import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const everywhere = ['packages', 'lab', 'e2e', 'scripts', 'bench'];
const files = (suffix: string): string[] => everywhere.map((room) => `${room}/**/*.${suffix}.{ts,tsx}`);
const special = ['integration.test', 'browser.test', 'lab.test'].flatMap(files);
const outside = ['**/node_modules/**', '**/dist/**'];

/** Real processes share two cores: these projects run one file at a time and get patient limits. */
const withProcesses = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 300_000 } as const;

/** Each file has a lab of its own, and waits for it most of the time: two at once keep two cores busy. */
const withNodes = {
  maxWorkers: 2,
  // Projects of one order must agree on maxWorkers.
  sequence: { groupOrder: 1 },
  globalSetup: 'lab/testing/global-setup.ts',
  testTimeout: 1_200_000,
  hookTimeout: 900_000,
} as const;

/** The longest first: begun last, one would run alone for minutes. */
const longest = ['e2e/configure/convergence.lab.test.ts', 'e2e/guides/guides.lab.test.ts'];
const missing = longest.filter((file) => !existsSync(file));
if (missing.length > 0)
  throw new Error(`name the longest files of the lab anew, without ${missing.join(' ')}`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      longest.some((file) => moduleId.endsWith(file));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
    ],
  },
});
