/** Nothing written in clockwarden.yaml reaches a file on a node unless it is what its key promises. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { designCluster, formats, renderNode } from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { configJsonSchema, loadPolicy } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'clockwarden-hostile-'));
mkdirSync(join(folder, 'demo'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hostile = [
  'EVIL.example\nserver 6.6.6.6',
  'EVIL.example\r\nallow all',
  'EVIL\u2028allow all',
  "EVIL'x",
  'EVIL"x',
  'EVIL$(reboot)',
  'EVIL`reboot`',
  'EVIL$HOME',
  'EVIL x',
  'EVIL\tx',
  'EVIL\u0000x',
  'EVIL\u001b[31m',
  'EVIL;reboot',
  'EVIL|reboot',
  'EVIL&reboot',
  'EVIL>/etc/passwd',
  'EVIL\\x',
  'EVIL{{ x }}',
  'ＥＶＩＬ.example',
  '例子.EVIL',
  'ЕVIL.example',
  '-oEVIL=x',
  '../../EVIL',
  `EVIL${'x'.repeat(5_000)}`,
];

type Step = string | number;
type Json = Readonly<Record<string, unknown>>;

/** Keys of this machine's side that take more than words: paths, arguments of ssh, labels. What they hold must never reach a node. */
const operatorsOwn = [
  'console.passwordHash',
  'console.tls.cert',
  'console.tls.key',
  'console.tokenFile',
  'history.path',
  'name',
  'nodes.0.ssh.identityFile',
  'nodes.0.ssh.user',
  'sources.node-exporter.bearerTokenFile',
  'sources.node-exporter.caFile',
  'sources.node-exporter.certFile',
  'sources.node-exporter.keyFile',
  'sources.node-exporter.passwordFile',
  'sources.node-exporter.username',
  'sources.prometheus.bearerTokenFile',
  'sources.prometheus.caFile',
  'sources.prometheus.certFile',
  'sources.prometheus.keyFile',
  'sources.prometheus.passwordFile',
  'sources.prometheus.selector',
  'sources.prometheus.username',
  'sources.ssh.configFile',
  'sources.ssh.extraArguments.0',
  'sources.ssh.identityFile',
  'sources.ssh.user',
  'timesync.keys.file',
];

/** Every place of the schema that takes text; keys of maps that people name themselves end in `KEY`. */
function textsOf(schema: Json, path: readonly Step[] = []): readonly (readonly Step[])[] {
  const under = (value: unknown, ...steps: readonly Step[]): readonly (readonly Step[])[] =>
    typeof value === 'object' && value !== null ? textsOf(value as Json, [...path, ...steps]) : [];
  const branches = Array.isArray(schema.anyOf) ? schema.anyOf.flatMap((branch) => under(branch)) : [];
  const properties = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => under(value, key));
  const named = typeof schema.additionalProperties === 'object' && schema.additionalProperties !== null;
  const own = named ? [[...path, 'KEY'], ...under(schema.additionalProperties, 'worker')] : [];
  const isText = [schema.type].flat().includes('string');
  return [...branches, ...properties, ...under(schema.items, 0), ...own, ...(isText ? [path] : [])];
}

const places = [...new Set(textsOf(configJsonSchema() as Json).map((path) => path.join('.')))];

const base = {
  name: 'demo',
  nodes: [
    { name: 'cp-1', address: '10.2.0.1', roles: ['control-plane'] },
    { name: 'w-1', address: '10.2.0.2' },
  ],
  timesync: { upstreams: ['a.example', 'b.example', 'c.example'], allow: ['10.2.0.0/16'] },
};

/** What must stand beside the key that is tried. */
const companions: Readonly<Record<string, Json>> = {
  'timesync.keys.file': { id: 1 },
  'console.tls.cert': { key: 'k' },
  'console.tls.key': { cert: 'c' },
};
for (const source of ['node-exporter', 'prometheus']) {
  Object.assign(companions, {
    [`sources.${source}.username`]: { passwordFile: 'p' },
    [`sources.${source}.passwordFile`]: { username: 'u' },
    [`sources.${source}.certFile`]: { keyFile: 'k' },
    [`sources.${source}.keyFile`]: { certFile: 'c' },
  });
}

/** The base with `value` at a place, whatever stood there. */
function written(place: string, value: string): unknown {
  const steps = place.split('.');
  const put = (now: unknown, [step, ...rest]: readonly string[], at: string): unknown => {
    if (step === undefined) return value;
    if (step === 'KEY') return { [value]: {} };
    const below = at === '' ? step : `${at}.${step}`;
    if (step === '0') {
      const list = Array.isArray(now) ? now : [];
      return [put(list[0], rest, below), ...list.slice(1)];
    }
    const map = typeof now === 'object' && now !== null && !Array.isArray(now) ? now : {};
    const inner = put((map as Json)[step], rest, below);
    return { ...map, ...companions[below], [step]: inner };
  };
  return put(base, steps, '');
}

/** Null: refused. */
function load(config: unknown): ClusterPolicy | null {
  const configPath = join(folder, 'demo', 'clockwarden.yaml');
  writeFileSync(configPath, stringify(config));
  try {
    return loadPolicy({ cwd: folder, configPath });
  } catch (error) {
    if (error instanceof OperatorError) return null;
    throw error;
  }
}

/** Everything that `apply` or `render` would put on the nodes. */
function onNodes(policy: ClusterPolicy): string {
  const { timesync } = policy;
  if (timesync === undefined) return '';
  const keys = timesync.keys === null ? null : { ...timesync.keys, content: '1 SHA256 HEX:00\n' };
  const whole = { ...timesync, keys };
  return JSON.stringify(
    designCluster(policy, whole).nodes.flatMap((design) =>
      (['debian', 'rhel'] as const).flatMap((family) => {
        const node = renderNode(design, whole, family);
        const documents = Object.values(formats).map(({ document }) => document(node).data);
        return [node.files, design.timezone, documents];
      }),
    ),
  );
}

it('what is tried is what the schema has', () => {
  expect(places).toContain('timesync.upstreams.0');
  expect(places).toContain('groups.worker.timesync.ptp.interfaces.0');
  expect(places).toContain('groups.KEY');
  expect(places).toContain('nodes.0');
  expect(places.length).toBeGreaterThan(80);
  expect(load(base)).not.toBeNull();
  expect(onNodes(load(base) ?? ({} as ClusterPolicy))).toContain('a.example');
});

describe('text that is hostile', () => {
  it.each(places)('in %s is refused, or stays on this machine', (place) => {
    const accepted = hostile.filter((value) => {
      const policy = load(written(place, value));
      if (policy !== null) expect(onNodes(policy), JSON.stringify(value)).not.toMatch(/EVIL|ＥＶＩＬ|ЕVIL/);
      return policy !== null;
    });
    if (!operatorsOwn.includes(place)) expect(accepted).toEqual([]);
    else
      expect(accepted.length, `${place} is as strict as the others: take it from the list`).toBeGreaterThan(
        0,
      );
  });
});
