import { presetNames } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { Option } from 'commander';
import type { CommandSetup } from '../commands/registry.ts';

/** `--preset`: what lies under the keys that the file writes. */
export function presetOption(t: CommandSetup['t']): Option {
  return new Option(
    '--preset <name>',
    t(
      text(
        'servers (or an island) for the keys of `timesync:` that the file does not write',
        '为文件中未写的 `timesync:` 键提供服务器(或孤岛模式)',
      ),
    ),
  ).choices(presetNames);
}
