import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPolicy, parseListen } from '@clockwarden/adapters/config';
import { createSources } from '@clockwarden/adapters/registry';
import { openStore } from '@clockwarden/adapters/store';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import { OperatorError } from '@clockwarden/core/errors';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import type { HistoryStore, Source } from '@clockwarden/core/ports';
import { localized, text } from '@clockwarden/core/text';
import type { RunningServer } from '@clockwarden/server/run';
import { lookOnce } from '../check/measure.ts';
import { openBrowser } from '../serve/browser.ts';
import { hashFromPerson } from '../serve/hash-password.ts';
import { commandsToWatch } from '../show-commands/nodes.ts';
import { showCommandsOption } from '../show-commands/option.ts';
import { printCommandGroups } from '../show-commands/print.ts';
import type { CliContext } from '../terminal/index.ts';
import { version } from '../version.ts';
import type { RegisterCommand } from './registry.ts';

interface ServeOptions {
  readonly listen?: string;
  readonly open?: boolean;
  readonly behindProxy?: boolean;
  readonly hashPassword?: boolean;
  readonly showCommands?: boolean;
}

export const registerServe: RegisterCommand = (program, { run, t }) => {
  program
    .command('serve')
    .description(
      t(
        text(
          'observe the cluster all the time and show it in a console, over an API and as metrics',
          '持续观察集群，并提供控制台、API 和监控指标',
        ),
      ),
    )
    .option(
      '-l, --listen <host:port>',
      t(text('where to listen (default 127.0.0.1:8323)', '监听地址(默认 127.0.0.1:8323)')),
    )
    .option('--open', t(text('open the console in a browser, where there is one', '如有浏览器则打开控制台')))
    .option(
      '--behind-proxy',
      t(
        text(
          'a proxy in front ends TLS; believe its X-Forwarded-For and X-Forwarded-Proto',
          '前面的代理负责 TLS；信任其 X-Forwarded-For 和 X-Forwarded-Proto',
        ),
      ),
    )
    .option(
      '--hash-password',
      t(
        text(
          'read a password, print its hash for `console.passwordHash`, and end',
          '读入密码，输出用于 `console.passwordHash` 的哈希后结束',
        ),
      ),
    )
    .addOption(showCommandsOption(t))
    .addHelpText(
      'after',
      `\n${t(text('Examples:', '示例：'))}
  clockwarden serve
  clockwarden serve -i hosts --open
  clockwarden serve --hash-password              # ${t(text('asks for a password', '提示输入密码'))}
  clockwarden serve --listen 0.0.0.0:8323        # ${t(text('wants console.tls and a token or password', '需要 console.tls 以及令牌或密码'))}
  clockwarden serve --show-commands              # ${t(text('measures once, to name what fits each node', '先测量一次，以给出适合各节点的命令'))}
  kill -HUP PID                                  # ${t(text('reads the configuration anew', '重新读取配置'))}`,
    )
    .action(run((context, options: ServeOptions) => serve(context, options)));
};

async function serve(context: CliContext, options: ServeOptions): Promise<number> {
  if (options.hashPassword === true) return hashFromPerson(context);
  const load = (): ClusterPolicy => withListen(loadPolicyFor(context), options.listen);
  const policy = load();
  if (options.showCommands === true) {
    printCommandGroups(context, commandsToWatch(await lookOnce(context, policy)));
    return context.signal.aborted ? 130 : 0;
  }
  // A quarter of the program, which no other command needs.
  const { runServer } = await import('@clockwarden/server/run');
  const store = await openStore(policy.history);
  const server = await runServer({
    policy,
    sources: await sourcesOrClose(policy, store),
    timeBase: createTimeBase(),
    store,
    version,
    staticRoot: consoleRoot(),
    behindProxy: options.behindProxy === true,
    configuration: {
      load: () => {
        const anew = load();
        return { policy: anew, sources: createSources(anew) };
      },
      files: (current) => filesOf(context, current),
    },
    log: (line) => context.note(line),
  });
  const reload = (): void => void server.reload();
  process.on('SIGHUP', reload);
  try {
    context.print(
      context.t(
        text(
          `Console: ${server.url}  (${policy.nodes.length} ${policy.nodes.length === 1 ? 'node' : 'nodes'}; Ctrl-C ends)`,
          `控制台：${server.url}  (${policy.nodes.length} 个节点；Ctrl-C 结束)`,
        ),
      ),
    );
    if (options.open === true) openBrowser(server.url);
    await firstVerdict(context, server);
    await aborted(context.signal);
  } finally {
    process.off('SIGHUP', reload);
    await server.close();
  }
  return 0;
}

/** A source that cannot work here ends the command; the history must not keep the process alive then. */
async function sourcesOrClose(policy: ClusterPolicy, store: HistoryStore): Promise<readonly Source[]> {
  try {
    return createSources(policy);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The configuration, and the inventories that its nodes come from (`file:line`). */
function filesOf({ configPath, inventoryPath }: CliContext, policy: ClusterPolicy): readonly string[] {
  const origins = policy.nodes.map((node) => node.origin.replace(/:\d+$/, ''));
  const named = [configPath ?? 'clockwarden.yaml', ...(inventoryPath === undefined ? [] : [inventoryPath])];
  return [...new Set([...named, ...origins].map((file) => resolve(file)))];
}

function loadPolicyFor({ configPath, inventoryPath, timeoutSeconds }: CliContext): ClusterPolicy {
  return loadPolicy({ cwd: process.cwd(), configPath, inventoryPath, timeoutSeconds });
}

/** Beside the bundle, or in the workspace. */
function consoleRoot(): string {
  const bundled = fileURLToPath(new URL('./console', import.meta.url));
  return existsSync(bundled) ? bundled : fileURLToPath(new URL('../../web/dist', import.meta.url));
}

function withListen(policy: ClusterPolicy, listen: string | undefined): ClusterPolicy {
  if (listen === undefined) return policy;
  const place = parseListen(listen);
  if (place === null) {
    throw new OperatorError('usage', {
      where: `--listen ${listen}`,
      detail: text(
        'HOST:PORT is wanted, as 127.0.0.1:8323 or [::1]:8323.',
        '格式为 HOST:PORT，如 127.0.0.1:8323 或 [::1]:8323。',
      ),
    });
  }
  return { ...policy, console: { ...policy.console, ...place } };
}

/** Says the first verdict that stands on every source, or on what there is after a while. */
function firstVerdict(context: CliContext, { loop }: RunningServer): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      unsubscribe();
      context.signal.removeEventListener('abort', end);
      resolve();
    };
    const unsubscribe = loop.subscribe((event) => {
      if (event.event !== 'cluster' || !loop.settled) return;
      context.print(localized(event.data.headline, context.language));
      end();
    });
    context.signal.addEventListener('abort', end, { once: true });
    if (context.signal.aborted) end();
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
