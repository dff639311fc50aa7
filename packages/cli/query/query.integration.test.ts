import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type QueryReport, queryReportSchema } from '@clockwarden/api/query';
import { startChronyd } from '@clockwarden/testkit/daemons';
import { type Behaviour, startResponder } from '@clockwarden/testkit/responder';
import { waitFor } from '@clockwarden/testkit/wait';
import { expect, test } from 'vitest';

const main = join(import.meta.dirname, '..', 'main.ts');

function start(...args: string[]) {
  const child = spawn(process.execPath, [main, 'query', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (bytes) => {
    output.stdout += String(bytes);
  });
  child.stderr.on('data', (bytes) => {
    output.stderr += String(bytes);
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, ...output }));
  });
  return { child, ended };
}

const query = (...args: string[]) => start(...args).ended;

async function queryJson(...args: string[]): Promise<{ code: number | null; report: QueryReport }> {
  const { code, stdout } = await query('--json', ...args);
  return { code, report: queryReportSchema.parse(JSON.parse(stdout)) };
}

const nameOf = ({ address, port }: { address: string; port: number }): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

async function servers(...behaviours: Behaviour[]) {
  const stack = new AsyncDisposableStack();
  const names: string[] = [];
  for (const behaviour of behaviours) names.push(nameOf(stack.use(await startResponder({ behaviour }))));
  return { names, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

test('one good server: 0, with its lead as a positive offset', async () => {
  await using one = await servers({ aheadSeconds: 3.2, stratum: 1, refId: 'GPS' });
  const { code, report } = await queryJson(...one.names, '-n', '4');
  expect(code).toBe(0);
  const [server] = report.servers;
  expect(server).toMatchObject({ verdict: 'fit', stratum: 1, refId: 'GPS', leap: 'normal', samples: 4 });
  expect(server?.offset?.lowSeconds).toBeLessThanOrEqual(3.2);
  expect(server?.offset?.highSeconds).toBeGreaterThanOrEqual(3.2);
});

test('a liar among three: 1, and it is named', async () => {
  await using three = await servers({}, { aheadSeconds: -2 }, {});
  const { code, report } = await queryJson(...three.names);
  expect(code).toBe(1);
  expect(report.agreement).toMatchObject({ verdict: 'majority', falsetickers: [three.names[1]] });
  expect(report.servers.map((server) => server.verdict)).toEqual(['fit', 'unfit', 'fit']);
});

test('two that contradict each other: 2, no majority', async () => {
  await using two = await servers({}, { aheadSeconds: 5 });
  const { code, report } = await queryJson(...two.names);
  expect([code, report.agreement.verdict]).toEqual([2, 'no-majority']);
});

test('nobody there, no such name, a refusal, a server without time: 2, each with its own words', async () => {
  await using some = await servers({ kiss: 'DENY' }, { stratum: 16 });
  const { code, report } = await queryJson(
    ...some.names,
    '127.0.0.1:1',
    'no-such-host.invalid',
    '--timeout',
    '3',
  );
  expect(code).toBe(2);
  expect(report.servers.map((server) => server.error?.code ?? server.verdict)).toEqual([
    'refused',
    'unfit',
    'refused',
    'unreachable',
  ]);
});

test('a real chronyd, over IPv6 and for a Chinese reader', async () => {
  await using daemon = await startChronyd({ address: '::1', config: ['local stratum 3', 'allow'] });
  const { code, stdout } = await query(nameOf(daemon), '--lang', 'zh-CN');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^仅据 \[::1\]/);
  expect(stdout).toContain('127.127.1.1');
});

test('--all asks each address of a name', async () => {
  await using four = await startResponder({ behaviour: { aheadSeconds: 1 } });
  const { report } = await queryJson('--all', '-4', `localhost:${four.port}`);
  expect(report.servers.map(({ server, address }) => [server, address])).toEqual([
    [`localhost:${four.port}`, '127.0.0.1'],
  ]);
  expect((await queryJson('::ffff:127.0.0.1', '--timeout', '2')).report.servers[0]?.address).toBe(
    '127.0.0.1',
  );
});

test('an odd server or number of samples: 64, and how to write it', async () => {
  const odd = await query('ntp1:0');
  expect([odd.code, odd.stdout]).toEqual([64, '']);
  expect(odd.stderr).toContain('ntp1:0');
  expect((await query('ntp1', '-n', '65')).code).toBe(64);
  expect((await query()).code).toBe(64);
});

test('Ctrl-C ends it soon', async () => {
  await using silent = await startResponder({ behaviour: { copies: 0 } });
  const { child, ended } = start(nameOf(silent), '--timeout', '60');
  await waitFor(async () => (await silent.requests()).length > 0, { deadlineMs: 20_000 });
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, stdout: '' });
});
