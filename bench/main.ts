/**
 * `npm run bench [-- --only ntp,store] [--write]`: every benchmark, one after the other; `--write` puts their tables into
 * docs/reference/performance.md. Absolute times are those of one machine; the ratios within one run are what travels.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

const benches = {
  ntp: 'The ntp source against chronyd -Q and ntpdate -q on one loopback server',
  scrape: 'Scraping node_exporter, against Prometheus on the same targets',
  cluster: 'Ten thousand nodes in `clockwarden serve`',
  console: 'Ten thousand nodes in the browser',
  store: 'The history',
  ssh: 'Fifty hosts over ssh, against Ansible and clush',
  configure: 'Fifty hosts configured, against an Ansible playbook with the same result',
} as const;
type BenchName = keyof typeof benches;

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, write: { type: 'boolean', default: false } },
});
const only = options.only?.split(',');
const unknown = only?.filter((name) => !Object.hasOwn(benches, name)) ?? [];
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(64);
}
const wanted = (Object.keys(benches) as BenchName[]).filter((name) => only?.includes(name) ?? true);

const results: { readonly name: BenchName; readonly printed: string; readonly code: number }[] = [];
for (const name of wanted) {
  console.log(`\n# ${name}: ${benches[name]}`);
  results.push({ name, ...(await runBench(name)) });
  // After each, so that an interrupted run leaves what it has measured.
  if (options.write) writeFileSync('docs/reference/performance.md', page());
}
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1;

async function runBench(name: BenchName): Promise<{ readonly printed: string; readonly code: number }> {
  const child = spawn(process.execPath, [`bench/${name}.ts`], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (bytes: Buffer) => {
    process.stdout.write(bytes);
    printed += bytes;
  });
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)));
  return { printed, code };
}

function page(): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node.js ${process.version}`;
  const sections = results.map(
    ({ name, printed }) =>
      `## ${benches[name]}\n\n    npm run bench -- --only ${name}\n\n\`\`\`text\n${printed.trimEnd()}\n\`\`\`\n`,
  );
  return [
    '# Performance\n',
    `Written by \`npm run bench -- --write\` (as root) on ${new Date().toISOString().slice(0, 10)}: ${machine}. The machine was shared and`,
    'noisy: the ratios within one run are what travels, and a goal that is not met is said to be so.\n',
    ...sections,
  ].join('\n');
}
