/** What the fact-gathering script prints, section by section, as ConfigureFacts. */
import { outputOf, parseUnits, type Report } from '../node-report/index.ts';
import { fromBase64 } from './base64.ts';
import { clockJobLines } from './clock-jobs.ts';
import type { ConfigureFacts, FileState, PackageState, UnitState } from './facts.ts';
import { machineOf } from './facts-machine.ts';
import { firewallOf } from './firewall.ts';
import { parseMemory } from './remembered.ts';

/** Null: the script did not come to its end, so that something may be missing. */
export function configureFactsOf(report: Report): ConfigureFacts | null {
  if (outputOf(report, 'end') === null) return null;
  const files = filesOf(outputOf(report, 'files') ?? '');
  const crontabs = filesOf(outputOf(report, 'crontabs') ?? '');
  const clockJobs = Object.entries(crontabs).flatMap(([path, state]): [string, readonly string[]][] => {
    const lines = state.kind === 'file' ? clockJobLines(fromBase64(state.content)) : [];
    return lines.length === 0 ? [] : [[path, lines]];
  });
  const memory = outputOf(report, 'memory');
  const machine = machineOf(report);
  return {
    os: osOf(outputOf(report, 'os') ?? ''),
    privilege: privilegeOf(outputOf(report, 'privilege')),
    systemd: outputOf(report, 'systemd') !== null,
    packageManager: managerOf(outputOf(report, 'manager')),
    packages: packagesOf(report),
    units: unitsOf(outputOf(report, 'units') ?? ''),
    files: {
      ...files,
      ...Object.fromEntries(clockJobs.flatMap(([path]) => [[path, crontabs[path]] as const])),
    } as ConfigureFacts['files'],
    firewall: firewallOf({
      firewalld: outputOf(report, 'firewalld'),
      ufw: outputOf(report, 'ufw'),
      iptables: outputOf(report, 'iptables'),
      nftables: outputOf(report, 'nftables'),
      keepers: outputOf(report, 'firewall-keepers'),
    }),
    clockJobs: Object.fromEntries(clockJobs),
    runs: runsOf(outputOf(report, 'processes') ?? ''),
    ...(memory === null ? {} : { remembered: parseMemory(memory) }),
    ...(machine === null ? {} : { machine }),
  };
}

function osOf(output: string): ConfigureFacts['os'] {
  const value = (key: string): string =>
    new RegExp(`^${key}=(?:"([^"\\n]*)"|'([^'\\n]*)'|(.*))$`, 'm')
      .exec(output)
      ?.slice(1)
      .find((part) => part !== undefined) ?? '';
  return { id: value('ID'), like: value('ID_LIKE'), name: value('PRETTY_NAME') };
}

function privilegeOf(output: string | null): ConfigureFacts['privilege'] {
  const word = output?.trim();
  return word === 'root' || word === 'sudo' ? word : 'none';
}

function managerOf(output: string | null): ConfigureFacts['packageManager'] {
  const word = output?.trim();
  return word === 'apt' || word === 'dnf' || word === 'yum' ? word : 'none';
}

/** Lines `file PATH MODE OWNER GROUP BASE64`, `link PATH TARGET`, `absent PATH`, `other PATH WHAT`; PATH and TARGET in Base64. */
function filesOf(output: string): Record<string, FileState> {
  const files: Record<string, FileState> = {};
  for (const line of output.split('\n')) {
    const [kind, path64 = '', ...rest] = line.split(' ');
    const path = fromBase64(path64);
    if (!path.startsWith('/')) continue;
    const [first = '', owner = '', group = '', content = ''] = rest;
    if (kind === 'absent') files[path] = { kind };
    else if (kind === 'link') files[path] = { kind, target: fromBase64(first) };
    else if (kind === 'other') files[path] = { kind, what: rest.join(' ') };
    else if (kind === 'file') files[path] = { kind, mode: Number.parseInt(first, 8), owner, group, content };
  }
  return files;
}

/** `dpkg-query` or `rpm -q` for what is there, `apt-cache policy` or the names a repository has for what could be. */
function packagesOf(report: Report): Record<string, PackageState> {
  const packages: Record<string, PackageState> = {};
  const state = (name: string): PackageState => packages[name] ?? { installed: null, candidate: null };
  for (const line of (outputOf(report, 'installed') ?? '').split('\n')) {
    const [name = '', version = '', status = 'installed'] = line.trim().split(' ');
    if (name === '') continue;
    if (status === 'installed') packages[name] = { ...state(name), installed: version };
    if (status === 'config-files') packages[name] = { ...state(name), configFiles: true };
  }
  const candidates = outputOf(report, 'candidates') ?? '';
  for (const match of candidates.matchAll(/^(\S+):\n(?: {2}.*\n)*? {2}Candidate: (\S+)/gm)) {
    const [, name = '', version = ''] = match;
    packages[name] = { ...state(name), candidate: version === '(none)' ? null : version };
  }
  for (const match of (outputOf(report, 'available') ?? '').matchAll(/^(\S+) (\S+)$/gm)) {
    const [, name = '', version = ''] = match;
    packages[name] = { ...state(name), candidate: version };
  }
  return packages;
}

function unitsOf(output: string): Record<string, UnitState> {
  return Object.fromEntries(
    parseUnits(output).map(({ id, active, enabled }) => [
      id,
      { active, enabled: enabled === true, masked: isMasked(output, id) },
    ]),
  );
}

function isMasked(output: string, unit: string): boolean {
  return output
    .split(/\n\s*\n/)
    .some((block) => block.includes(`Id=${unit}\n`) && /^(LoadState|UnitFileState)=masked/m.test(block));
}

function runsOf(output: string): ConfigureFacts['runs'] {
  const names = output.split('\n').map((line) => line.trim());
  return { etcd: names.includes('etcd'), apiserver: names.includes('kube-apiserver') };
}
