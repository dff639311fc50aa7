import { loadPolicy } from '@clockwarden/adapters/config';
import { type ConfigFamily, filesOf, formats, type NodeDesign } from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import type { PresetName, TimesyncConfig } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { Option } from 'commander';
import { designOrThrow } from '../render/design.ts';
import { presetOption } from '../render/preset.ts';
import { renderedText, writeRendered } from '../render/write.ts';
import { commandsToInstall } from '../show-commands/install.ts';
import { showCommandsOption } from '../show-commands/option.ts';
import { printCommandGroups } from '../show-commands/print.ts';
import type { CliContext } from '../terminal/index.ts';
import { policyOptions } from '../terminal/index.ts';
import type { RegisterCommand } from './registry.ts';

const outputs = ['tree', ...Object.keys(formats)] as const;

interface RenderOptions {
  readonly format: string;
  readonly family?: ConfigFamily;
  readonly out?: string;
  readonly force?: boolean;
  readonly preset?: PresetName;
  readonly showCommands?: boolean;
}

export const registerRender: RegisterCommand = (program, { run, t }) => {
  program
    .command('render [node...]')
    .description(
      t(
        text(
          'write the configuration files of each node, for tools that install them; touches no node',
          '生成每个节点的配置文件，供其他工具安装；不触碰任何节点',
        ),
      ),
    )
    .addOption(
      new Option('-f, --format <format>', t(text('shape of the output', '输出格式')))
        .choices(outputs)
        .default('tree'),
    )
    .addOption(
      new Option(
        '--family <family>',
        t(
          text(
            'where the distribution keeps chrony (default: debian; rhel for ignition, butane and machine-config)',
            '发行版的 chrony 布局(默认 debian;ignition、butane、machine-config 默认 rhel)',
          ),
        ),
      ).choices(['debian', 'rhel']),
    )
    .option(
      '-o, --out <folder>',
      t(text('write files there instead of printing them', '写入该目录，而不是打印')),
    )
    .option('--force', t(text('replace files that are there already', '覆盖已有文件')))
    .addOption(presetOption(t))
    .addOption(showCommandsOption(t))
    .addHelpText(
      'after',
      `\n${t(text('Examples:', '示例：'))}
  clockwarden render                              # ${t(text('print every file', '打印所有文件'))}
  clockwarden render --out files                  # files/NODE/etc/chrony/chrony.conf …
  clockwarden render -f cloud-init worker-1
  clockwarden render -f ignition --out ignition
  clockwarden render --show-commands              # ${t(text('how to install what --out writes', '如何安装 --out 写出的文件'))}`,
    )
    .action(
      run(async (context, names: readonly string[], options: RenderOptions) => {
        const policy = loadPolicy({ ...policyOptions(context), preset: options.preset });
        const { design, timesync } = designOrThrow(policy);
        for (const problem of design.problems) {
          context.note(`${context.color.yellow('▲')} ${context.t(problem.text)}`);
        }
        const wanted = chosen(design.nodes, names);
        return output(context, options, timesync, wanted);
      }),
    );
};

function chosen(nodes: readonly NodeDesign[], names: readonly string[]): readonly NodeDesign[] {
  const unknown = names.filter((name) => !nodes.some(({ node }) => node.name === name));
  if (unknown.length > 0) {
    throw new OperatorError(
      'not-found',
      ...unknown.map((name) => ({ where: name, detail: text('no such node', '没有该节点') })),
    );
  }
  return names.length === 0 ? nodes : nodes.filter(({ node }) => names.includes(node.name));
}

function output(
  context: CliContext,
  options: RenderOptions,
  timesync: TimesyncConfig,
  nodes: readonly NodeDesign[],
): number {
  // These systems are Fedora, RHEL and Flatcar.
  const family =
    options.family ?? (['ignition', 'butane', 'machine-config'].includes(options.format) ? 'rhel' : 'debian');
  if (options.showCommands === true) {
    const folder = options.out ?? 'files';
    const installed = nodes.filter(({ adopted }) => !adopted);
    printCommandGroups(
      context,
      installed.map((node) => commandsToInstall(node, filesOf(node, timesync, family), family, folder)),
    );
    return 0;
  }
  const files = nodes.flatMap((node) => renderedText(node, filesOf(node, timesync, family), options.format));
  if (options.out !== undefined) {
    const written = writeRendered(options.out, files, options.force === true);
    context.note(
      context.t(
        text(
          `${written} files written below ${options.out}.`,
          `已在 ${options.out} 下写入 ${written} 个文件。`,
        ),
      ),
    );
    return 0;
  }
  if (context.json) {
    context.print(
      JSON.stringify(
        files.map(({ path, content }) => ({ path, content })),
        null,
        2,
      ),
    );
    return 0;
  }
  const hidden = text(
    '# not shown: not everybody may read it; --out writes it\n',
    '# 不显示：并非所有人都可读；--out 会写出\n',
  );
  for (const { path, content, mode } of files) {
    context.print(context.color.bold(`# ${path}`));
    context.print((mode & 0o004) === 0 ? context.t(hidden) : content);
  }
  return 0;
}
