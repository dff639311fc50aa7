import { OperatorError, type OperatorErrorDetails } from '@clockwarden/core/errors';
import { type LintResult, lintPolicy } from '@clockwarden/core/lint';
import { readYaml } from './document.ts';
import { loadPolicy } from './load.ts';
import { readText } from './read-text.ts';

export interface ConfigLint {
  /** What makes the file unusable; then nothing else is said. */
  readonly problems: readonly OperatorErrorDetails[];
  readonly results: readonly LintResult[];
}

/** The mistakes of a clockwarden.yaml and of its inventory. Throws OperatorError when the file cannot be read. */
export function lintConfig(path: string): ConfigLint {
  try {
    const policy = loadPolicy({ cwd: '/', configPath: path });
    const yaml = readYaml(readText(path, 'config-not-found', 'config-invalid'), path);
    if ('problems' in yaml) return { problems: yaml.problems, results: [] };
    const lineOf = (...keys: readonly string[]): number =>
      yaml.position(keys.slice(0, -1), keys.at(-1) ?? '').line;
    return { problems: [], results: lintPolicy({ policy, lineOf }) };
  } catch (error) {
    if (error instanceof OperatorError && ['config-invalid', 'inventory-invalid'].includes(error.code)) {
      return { problems: error.details, results: [] };
    }
    throw error;
  }
}
