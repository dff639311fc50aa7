import { text } from '@clockwarden/core/text';
import { version } from '../version.ts';
import type { RegisterCommand } from './registry.ts';

export const registerVersion: RegisterCommand = (program, { run, t }) => {
  program
    .command('version')
    .description(
      t(
        text(
          'print the version of Clockwarden and of the Node.js that runs it',
          '显示 Clockwarden 及其 Node.js 的版本',
        ),
      ),
    )
    .action(
      run(async (context) => {
        const facts = { version, node: process.version, platform: `${process.platform}-${process.arch}` };
        context.print(
          context.json
            ? JSON.stringify(facts)
            : `clockwarden ${version} (Node.js ${process.version}, ${facts.platform})`,
        );
        return 0;
      }),
    );
};
