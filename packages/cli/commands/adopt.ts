import { text } from '@clockwarden/core/text';
import { adopt } from '../adopt/adopt.ts';
import type { RegisterCommand } from './registry.ts';

export const registerAdopt: RegisterCommand = (program, { run, t }) => {
  program
    .command('adopt <node...>')
    .description(
      t(
        text(
          'take a healthy setup that was made by hand as it is: watched, not rewritten',
          '按原样接管手工完成且健康的配置：只监测，不改写',
        ),
      ),
    )
    .option('-y, --yes', t(text('write it without asking', '不询问，直接写入')))
    .addHelpText(
      'after',
      `\n${t(
        text(
          'Healthy: exactly one time daemon, synchronized, no errors in its files, and it serves whom it should. Then `adopt: true` is\nwritten into clockwarden.yaml; comments and layout stay.\nExit codes: 0 adopted, 1 not agreed to, 2 a node is not healthy, 3 a node was not reached.',
          '健康：恰好一个时间守护进程，已同步，配置文件没有错误，且为应当服务的节点提供服务。随后在 clockwarden.yaml 中写入\n`adopt: true`，注释和排版保持不变。\n退出码：0 已接管，1 未同意，2 有节点不健康，3 有节点无法到达。',
        ),
      )}

${t(text('Examples:', '示例：'))}
  clockwarden adopt storage-01 storage-02
  clockwarden adopt -i hosts --yes master-01`,
    )
    .action(
      run((context, names: readonly string[], options: { readonly yes?: boolean }) =>
        adopt(context, names, { yes: options.yes === true }),
      ),
    );
};
