/** What scripts/test.ts wants to know of a run of vitest, written as JSON to the file that OUTCOME_FILE names. */
import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export interface Outcome {
  readonly passed: number;
  /** One line each: where, and the first line of why. Tests, files that do not load, and errors outside of all tests. */
  readonly failures: readonly string[];
}

export default class OutcomeReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const file = process.env.OUTCOME_FILE;
    if (file !== undefined) writeFileSync(file, JSON.stringify(outcomeOf(modules, errors)));
  }
}

function outcomeOf(modules: readonly TestModule[], errors: readonly SerializedError[]): Outcome {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  const failed = tests.filter((test) => test.result().state === 'failed');
  return {
    passed: tests.filter((test) => test.result().state === 'passed').length,
    failures: [
      ...failed.map((test) =>
        line(`${test.module.relativeModuleId} > ${test.fullName}`, test.result().errors),
      ),
      ...suites
        .filter((suite) => suite.errors().length > 0)
        .map((suite) =>
          line(suite.type === 'module' ? suite.relativeModuleId : suite.fullName, suite.errors()),
        ),
      ...errors.map((error) => line('outside of all tests', [error])),
    ],
  };
}

interface Reason {
  readonly message?: string;
  readonly cause?: unknown;
}

/** The cause says more: of a worker that crashed, its signal and its file. */
function line(where: string, [error]: readonly Reason[] = []): string {
  const reasons = [error, error?.cause as Reason | undefined].map(
    (reason) => reason?.message?.split('\n')[0],
  );
  return `${where}: ${reasons.filter(Boolean).join(' ') || 'no reason given'}`;
}
