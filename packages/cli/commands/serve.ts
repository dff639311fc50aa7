import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadPolicy } from '@clockwarden/adapters/config';
import { createSources } from '@clockwarden/adapters/registry';
import { openStore } from '@clockwarden/adapters/store';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import { OperatorError } from '@clockwarden/core/errors';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import { localized, text } from '@clockwarden/core/text';
import { runServer } from '@clockwarden/server/run';
import type { CliContext } from '../terminal/index.ts';
import { version } from '../version.ts';
import type { RegisterCommand } from './registry.ts';

interface ServeOptions {
  readonly listen?: string;
  readonly open?: boolean;
  readonly behindProxy?: boolean;
}

export const registerServe: RegisterCommand = (program, { run, t }) => {
  program
    .command('serve')
    .description(
      t(
        text(
          'observe the cluster all the time and show it in a console, over an API and as metrics',
          '持续观察集群,并提供控制台、API 和监控指标',
        ),
      ),
    )
    .option(
      '-l, --listen <host:port>',
      t(text('where to listen (default 127.0.0.1:8323)', '监听地址(默认 127.0.0.1:8323)')),
    )
    .action(run((context, options: ServeOptions) => serve(context, options)));
};

async function serve(context: CliContext, options: ServeOptions): Promise<number> {
  const load = (): ClusterPolicy => withListen(loadPolicyFor(context), options.listen);
  const policy = load();
  const server = await runServer({
    policy,
    sources: createSources(policy),
    timeBase: createTimeBase(),
    store: await openStore(policy.history),
    version,
    staticRoot: consoleRoot(),
    behindProxy: options.behindProxy === true,
    log: (line) => context.note(line),
  });
  context.print(context.t(text(`Console: ${server.url}`, `控制台:${server.url}`)));
  await firstVerdict(context, server.loop);
  await aborted(context.signal);
  await server.close();
  return 0;
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
  const match = /^(?:\[([0-9A-Fa-f:.%\w]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(listen);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new OperatorError('usage', {
      where: `--listen ${listen}`,
      detail: text(
        'HOST:PORT is wanted, as 127.0.0.1:8323 or [::1]:8323.',
        '格式为 HOST:PORT,如 127.0.0.1:8323 或 [::1]:8323。',
      ),
    });
  }
  return { ...policy, console: { ...policy.console, host: match[1] ?? match[2] ?? '', port } };
}

/** Says the first verdict that stands on every source, or on what there is after a while. */
function firstVerdict(
  context: CliContext,
  loop: Awaited<ReturnType<typeof runServer>>['loop'],
): Promise<void> {
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
