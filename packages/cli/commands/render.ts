import { loadPolicy } from '@clockwarden/adapters/config';
import {
  type ConfigFamily,
  type ConfigureFacts,
  type FormatName,
  formats,
  type RenderedNode,
  sharingWith,
} from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import type { PresetName } from '@clockwarden/core/policy';
import { type Text, text } from '@clockwarden/core/text';
import { type Command, Option } from 'commander';
import { designOrThrow } from '../render/design.ts';
import { askNodes, chosenNodes, rendered } from '../render/nodes.ts';
import { presetOption } from '../render/preset.ts';
import { isSecret, type RenderedFile, renderedFiles, writeRendered } from '../render/write.ts';
import { commandsToInstall } from '../show-commands/install.ts';
import { showCommandsOption } from '../show-commands/option.ts';
import { printCommandGroups } from '../show-commands/print.ts';
import type { CliContext } from '../terminal/index.ts';
import { policyOptions } from '../terminal/index.ts';
import type { CommandSetup, RegisterCommand } from './registry.ts';

const formatNames = Object.keys(formats) as readonly FormatName[];

interface RenderOptions {
  readonly format: FormatName | 'tree';
  readonly family?: ConfigFamily;
  readonly askNodes?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly preset?: PresetName;
  readonly showCommands?: boolean;
}

export const registerRender: RegisterCommand = (program, setup) => {
  const { run, t } = setup;
  const command = program
    .command('render [node...]')
    .description(
      t(
        text(
          'write the configuration files of each node, byte for byte as `apply` would, for tools that install them; changes no node',
          '生成每个节点的配置文件(与 `apply` 写入的逐字节相同)，供其他工具安装；不改动任何节点',
        ),
      ),
    );
  addOptions(command, setup)
    .addHelpText('after', helpAfter(t))
    .action(
      run(async (context, names: readonly string[], options: RenderOptions) => {
        const policy = loadPolicy({ ...policyOptions(context), preset: options.preset });
        const { design, timesync } = designOrThrow(policy);
        for (const problem of design.problems) {
          context.note(`${context.color.yellow('▲')} ${context.t(problem.text)}`);
        }
        const format = options.format === 'tree' ? null : options.format;
        const chosen = chosenNodes(design.nodes, names);
        const judged = sharingWith(chosen, format, design.nodes);
        let facts: ReadonlyMap<string, ConfigureFacts> = new Map();
        if (options.askNodes === true) {
          const asked = await askNodes(context, policy, design, judged);
          if (context.signal.aborted) return 130;
          if (asked.silent.size > 0) return saySilent(context, asked.silent);
          facts = asked.facts;
        }
        const nodes = rendered(context, judged, timesync, { format, family: options.family ?? null, facts });
        const wanted = nodes.filter((node) => chosen.includes(node.design));
        return output(context, options, format, wanted);
      }),
    );
};

function addOptions(command: Command, { t }: Pick<CommandSetup, 't'>): Command {
  return command
    .addOption(
      new Option('-f, --format <format>', t(text('shape of the output', '输出格式')))
        .choices(['tree', ...formatNames])
        .default('tree'),
    )
    .addOption(
      new Option(
        '--family <family>',
        t(
          text(
            'assume that the nodes keep chrony as Debian or as RHEL does (default: debian; rhel for ignition, butane and machine-config)',
            '假定节点按 Debian 还是 RHEL 的布局存放 chrony(默认 debian;ignition、butane、machine-config 默认 rhel)',
          ),
        ),
      )
        .choices(['debian', 'rhel'])
        .conflicts('askNodes'),
    )
    .option(
      '--ask-nodes',
      t(
        text(
          'assume nothing: read from each node over ssh, as `plan` does, what its files depend on',
          '不作假定：像 `plan` 一样通过 ssh 从各节点读取文件内容所依赖的信息',
        ),
      ),
    )
    .option(
      '-o, --out <folder>',
      t(text('write files there instead of printing them', '写入该目录，而不是打印')),
    )
    .option('--force', t(text('replace files that are there already', '覆盖已有文件')))
    .addOption(presetOption(t))
    .addOption(showCommandsOption(t));
}

function helpAfter(t: CommandSetup['t']): string {
  return `\n${t(
    text(
      `The bytes are those of \`apply\` where the node is as is assumed here: the family; chronyd 3.0 or newer that becomes the user of its
build (no \`user\` line in its chrony.conf). For \`ptp\` the clock /dev/ptp0 and the constant of 37 s are written, where \`apply\` takes what the
node has. --ask-nodes assumes none of it. docs/reference/render.md has each format.

Exit codes: 0 written, 2 a node could not be asked, 77 a document that holds a key would have been printed: --out writes it; 64 and
above: usage, configuration and other errors. Nothing is written then.`,
      `在节点符合以下假定时，内容与 \`apply\` 写入的逐字节相同：发行版布局；chronyd 为 3.0 或更新版本，并以其构建时的默认用户运行
(chrony.conf 中没有 \`user\` 行)。对于 \`ptp\`，写入时钟 /dev/ptp0 和常数 37 秒，而 \`apply\` 会采用节点的实际情况。
--ask-nodes 不作任何假定。各格式见 docs/reference/render.zh-CN.md。

退出码：0 已生成，2 有节点无法询问，77 要打印的文档含有密钥(请用 --out 写出)；64 及以上：用法、配置及其他错误。出错时不写入任何内容。`,
    ),
  )}

${t(text('Examples:', '示例：'))}
  clockwarden render                              # ${t(text('print every file', '打印所有文件'))}
  clockwarden render --out files                  # files/NODE/etc/chrony/chrony.conf …
  clockwarden render --ask-nodes --out files      # ${t(text('… for the nodes as they are', '… 按节点的实际情况'))}
  clockwarden render -f cloud-init worker-1 >worker-1.yaml
  clockwarden render -f ignition --out ignition
  clockwarden render --json | jq '.[] | {node, path, mode, owner, group}'
  clockwarden render --show-commands              # ${t(text('how to install what --out writes', '如何安装 --out 写出的文件'))}`;
}

function saySilent(context: CliContext, silent: ReadonlyMap<string, Text>): number {
  for (const [name, reason] of silent) {
    context.note(`${context.color.magenta(name)}: ${context.t(reason)}`);
  }
  context.note(context.t(text('Nothing was written.', '未写入任何内容。')));
  return 2;
}

function output(
  context: CliContext,
  options: RenderOptions,
  format: FormatName | null,
  nodes: readonly RenderedNode[],
): number {
  if (options.showCommands === true) {
    const folder = options.out ?? 'files';
    printCommandGroups(
      context,
      nodes.map((node) => commandsToInstall(node, folder)),
    );
    return 0;
  }
  const files = nodes.flatMap((node) => renderedFiles(node, format));
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
  if (context.json) context.print(JSON.stringify(files.map(fileJson), null, 2));
  else printFiles(context, files, format);
  return 0;
}

/** `mode` as people write it, as `0640`. */
function fileJson(file: RenderedFile): Readonly<Record<string, string>> {
  return { ...file, mode: `0${file.mode.toString(8)}` };
}

/**
 * One alone is printed as it is, so that it can go into a file or a pipe. There, and in place of a document, a note would be
 * taken for what was asked for.
 */
function printFiles(context: CliContext, files: readonly RenderedFile[], format: FormatName | null): void {
  const withheld = format === null && files.length > 1 ? [] : files.filter(isSecret);
  if (withheld.length > 0) {
    throw new OperatorError('secret-not-shown', ...withheld.map(({ path }) => ({ where: path })));
  }
  const hidden = text(
    '# not shown: not everybody may read it; --out writes it\n',
    '# 不显示：并非所有人都可读；--out 会写出\n',
  );
  for (const file of files) {
    if (files.length > 1) context.print(context.color.bold(`# ${file.path}`));
    context.print(isSecret(file) ? context.t(hidden) : file.content.replace(/\n$/, ''));
    if (files.length > 1) context.print('');
  }
}
