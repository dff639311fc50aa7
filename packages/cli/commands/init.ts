import { existsSync, linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { checkConfig, clusterNameOf, loadPolicy, readInventory } from '@clockwarden/adapters/config';
import { OperatorError } from '@clockwarden/core/errors';
import type { PresetName } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { composeConfig, type NodesFrom } from '../init/compose.ts';
import { networksOf } from '../init/networks.ts';
import { presetOption } from '../render/preset.ts';
import { commandsToFindNodes } from '../show-commands/nodes-list.ts';
import { showCommandsOption } from '../show-commands/option.ts';
import { printExpertCommands } from '../show-commands/print.ts';
import type { CliContext } from '../terminal/index.ts';
import type { RegisterCommand } from './registry.ts';

interface InitOptions {
  readonly thisMachine?: boolean;
  readonly output: string;
  readonly force?: boolean;
  readonly print?: boolean;
  readonly preset?: PresetName;
  readonly showCommands?: boolean;
}

export const registerInit: RegisterCommand = (program, { run, t }) => {
  program
    .command('init [address...]')
    .description(
      t(
        text(
          'write a commented clockwarden.yaml from an inventory, from addresses, or for this machine',
          '根据主机清单、地址列表或本机，生成带注释的 clockwarden.yaml',
        ),
      ),
    )
    .option('--this-machine', t(text('this machine alone (the default)', '仅本机(默认)')))
    .option('-o, --output <file>', t(text('the file to write', '要写入的文件')), 'clockwarden.yaml')
    .option('--force', t(text('replace the file when it exists', '文件已存在时覆盖')))
    .option('--print', t(text('print it instead of writing it', '只打印，不写入')))
    .addOption(presetOption(t))
    .addOption(showCommandsOption(t))
    .addHelpText(
      'after',
      `\n${t(text('Examples:', '示例：'))}
  clockwarden init -i /etc/kubeasz/clusters/demo/hosts
  clockwarden init cp-1=10.0.0.1 10.0.0.2 10.0.0.3
  clockwarden init -i hosts --preset public-cn
  clockwarden init --this-machine --print
  clockwarden init -i hosts --show-commands`,
    )
    .action(
      run(async (context, addresses: readonly string[], options: InitOptions) => {
        const file = resolve(options.output);
        const from = nodesFrom(context, addresses, options, dirname(file));
        const wanted = wantedTime(from, context, options.preset);
        const content = composeConfig(from, nameFor(from, file), context.language, wanted);
        // What was composed must be what will be read; an address that is none is the person's to mend.
        check(content, file, from);
        if (options.showCommands === true) {
          printExpertCommands(context, commandsToFindNodes(from, context.inventoryPath ?? ''));
          return 0;
        }
        if (options.print === true) {
          context.print(content.trimEnd());
          return 0;
        }
        write(file, content, options.force === true);
        const policy = loadPolicy({ cwd: dirname(file), configPath: file });
        report(context, file, policy.nodes.length);
        return 0;
      }),
    );
};

function nodesFrom(
  context: CliContext,
  addresses: readonly string[],
  options: InitOptions,
  folder: string,
): NodesFrom {
  const { inventoryPath } = context;
  const ways = [inventoryPath !== undefined, addresses.length > 0, options.thisMachine === true];
  if (ways.filter(Boolean).length > 1) {
    throw new OperatorError('usage', {
      detail: text(
        'an inventory, addresses and --this-machine exclude each other',
        '主机清单、地址列表和 --this-machine 不能同时使用',
      ),
    });
  }
  if (inventoryPath !== undefined) {
    const path = resolve(inventoryPath);
    const nodes = readInventory(path, process.cwd()).map((node) => node.name);
    const below = relative(folder, path);
    return { kind: 'inventory', path: below.startsWith('..') ? path : below, nodes };
  }
  if (addresses.length > 0) return { kind: 'addresses', addresses };
  return { kind: 'this-machine', name: hostname() };
}

/** The preset with the networks of the nodes, which its servers are to serve; undefined: no preset was asked for. */
function wantedTime(from: NodesFrom, context: CliContext, preset: PresetName | undefined) {
  if (preset === undefined) return undefined;
  const addresses =
    from.kind === 'inventory'
      ? readInventory(resolve(context.inventoryPath ?? ''), process.cwd()).map((node) => node.address)
      : from.kind === 'addresses'
        ? from.addresses.map((entry) => entry.split('=').at(-1) ?? entry)
        : [];
  return { preset, allow: networksOf(addresses), isAlone: from.kind === 'this-machine' };
}

function nameFor(from: NodesFrom, file: string): string {
  return clusterNameOf(from.kind === 'inventory' ? resolve(dirname(file), from.path) : file);
}

/** Mistakes in addresses are mistakes on the command line, not in a file that does not exist yet. */
function check(content: string, file: string, from: NodesFrom): void {
  try {
    checkConfig(content, file);
  } catch (error) {
    if (!(error instanceof OperatorError) || from.kind !== 'addresses') throw error;
    throw new OperatorError(
      'usage',
      ...error.details.map(({ detail }) => (detail === undefined ? {} : { detail })),
    );
  }
}

function write(file: string, content: string, force: boolean): void {
  if (!force && existsSync(file)) throw new OperatorError('file-exists', { where: file });
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}`);
  try {
    writeFileSync(temporary, content, { flag: 'wx' });
    // A link is refused where a file is; a rename would replace one that came in the meantime.
    if (force) renameSync(temporary, file);
    else linkSync(temporary, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EEXIST') throw new OperatorError('file-exists', { where: file });
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError('cannot-write', { where: file, detail: text(reason, reason) });
  } finally {
    rmSync(temporary, { force: true });
  }
}

function report(context: CliContext, file: string, nodes: number): void {
  if (context.json) {
    context.print(JSON.stringify({ file, nodes }));
    return;
  }
  const option = basename(file) === 'clockwarden.yaml' ? '' : ` --config ${file}`;
  context.print(
    context.t(text(`Wrote ${file} with ${nodes} node(s).`, `已写入 ${file}，共 ${nodes} 个节点。`)),
  );
  context.print(context.t(text('Next:', '接下来：')));
  context.print(
    `  clockwarden check${option}   # ${context.t(text('measure every clock once', '测量一次所有时钟'))}`,
  );
  context.print(
    `  clockwarden serve${option}   # ${context.t(text('the console, on http://127.0.0.1:8323', '控制台：http://127.0.0.1:8323'))}`,
  );
}
