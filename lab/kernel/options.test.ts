import { expect, test } from 'vitest';
import { missingOptions, wantedOptions } from './options.ts';

test('an option that the kernel did not take is named', () => {
  const config = [...wantedOptions, '# CONFIG_SMP is not set', ''].join('\n');
  expect(missingOptions(config)).toEqual([]);
  expect(missingOptions(config.replace('CONFIG_NF_TABLES=y', '# CONFIG_NF_TABLES is not set'))).toEqual([
    'CONFIG_NF_TABLES=y',
  ]);
});
