import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '@clockwarden/core/errors';
import { defaultLimits, defaultSources } from '@clockwarden/core/policy';
import { afterAll, describe, expect, it } from 'vitest';
import { loadPolicy } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'clockwarden-config-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** A new folder called `name` with these files. */
function folder(files: Readonly<Record<string, string>>, name = 'demo'): string {
  count += 1;
  const path = join(root, String(count), name);
  mkdirSync(path, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), content);
  return path;
}

function load(...lines: readonly string[]) {
  return loadPolicy({ cwd: folder({ 'clockwarden.yaml': lines.join('\n') }) });
}

function failure(action: () => unknown): OperatorError {
  try {
    action();
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

function mistakes(...lines: readonly string[]): readonly string[] {
  const error = failure(() => load(...lines));
  expect(error.code).toBe('config-invalid');
  for (const { detail } of error.details) expect(detail?.['zh-CN']).toMatch(/\p{Script=Han}/u);
  return error.details.map(({ line, column, detail }) => `${line}:${column} ${detail?.en}`);
}

describe('without any file', () => {
  it('this machine is a cluster of one', () => {
    const policy = loadPolicy({ cwd: folder({}) });
    expect(policy.name).toBe(hostname());
    expect(policy.nodes).toEqual([
      {
        name: hostname(),
        address: 'localhost',
        roles: ['worker'],
        ssh: {},
        sources: ['local'],
        origin: 'this machine',
      },
    ]);
    expect(policy.sources).toEqual({ local: defaultSources.local });
    expect(policy.limits).toEqual(defaultLimits);
    expect(policy.console).toEqual({ host: '127.0.0.1', port: 8323, allowedHosts: [] });
    expect(policy.history.path).toMatch(/\/clockwarden\/history\.sqlite$/);
  });

  it('an inventory alone is enough, and its folder names the cluster', () => {
    const cwd = folder({ hosts: '[kube_master]\n10.0.0.1\n[kube_node]\n10.0.0.2\n' }, 'beijing');
    const policy = loadPolicy({ cwd, inventoryPath: 'hosts' });
    expect(policy.name).toBe('beijing');
    expect(policy.nodes.map(({ roles, sources }) => [roles, sources])).toEqual([
      [['control-plane'], ['ntp', 'ssh']],
      [['worker'], ['ntp', 'ssh']],
    ]);
    expect(policy.history.path).toMatch(/\/clockwarden\/beijing\.sqlite$/);
  });

  it('a configuration that is asked for must exist', () => {
    expect(failure(() => loadPolicy({ cwd: root, configPath: 'no.yaml' })).code).toBe('config-not-found');
    expect(failure(() => loadPolicy({ cwd: root, inventoryPath: 'no' })).code).toBe('inventory-not-found');
  });
});

describe('clockwarden.yaml', () => {
  it('an empty file, or one of comments, is all defaults', () => {
    for (const content of ['', '# nothing\n', '---\n']) {
      expect(load(content).nodes.map((node) => node.name)).toEqual([hostname()]);
    }
  });

  it('has nodes as maps, addresses, and name=address', () => {
    const policy = load(
      'nodes:',
      '  - 10.0.0.1',
      '  - cp-1=10.0.0.2',
      '  - v6=2001:db8::1',
      '  - {name: cp-2, address: cp2.example, roles: [control-plane, etcd], ssh: {user: ops, port: 2222, identityFile: id}}',
      '  - {name: w-1, role: worker, timezone: UTC, sources: [node-exporter]}',
    );
    expect(policy.nodes.map(({ name, address, roles }) => [name, address, ...roles])).toEqual([
      ['10.0.0.1', '10.0.0.1', 'worker'],
      ['cp-1', '10.0.0.2', 'worker'],
      ['v6', '2001:db8::1', 'worker'],
      ['cp-2', 'cp2.example', 'control-plane', 'etcd'],
      ['w-1', 'w-1', 'worker'],
    ]);
    expect(policy.nodes[3]?.ssh).toMatchObject({ user: 'ops', port: 2222 });
    expect(policy.nodes[3]?.ssh.identityFile).toMatch(/\/demo\/id$/);
    expect(policy.nodes[4]).toMatchObject({ timezone: 'UTC', sources: ['node-exporter'] });
    expect(policy.nodes[1]?.origin).toMatch(/clockwarden\.yaml:3$/);
    expect(policy.sources.nodeExporter).toEqual(defaultSources.nodeExporter);
  });

  it('asks this machine locally and others by ssh and ntp unless it says otherwise', () => {
    const policy = load('nodes: [localhost, 127.0.0.1, 10.0.0.1]');
    expect(policy.nodes.map((node) => node.sources)).toEqual([['local'], ['local'], ['ntp', 'ssh']]);
    expect(Object.keys(policy.sources)).toEqual(['local', 'ntp', 'ssh']);
  });

  it('takes sources as a list, or as a map with settings', () => {
    expect(load('nodes: [a]', 'sources: [ntp, prometheus]').nodes[0]?.sources).toEqual(['ntp', 'prometheus']);
    const { sources } = load(
      'nodes: [a]',
      'sources:',
      '  ntp: true',
      '  chrony: false',
      '  node-exporter: {port: 9200, interval: 2m, caFile: ca.pem}',
    );
    expect(sources.ntp).toEqual(defaultSources.ntp);
    expect(sources.chrony).toBeUndefined();
    expect(sources.nodeExporter).toMatchObject({ port: 9200, intervalSeconds: 120, timeoutSeconds: 10 });
    expect(sources.nodeExporter?.caFile).toMatch(/\/demo\/ca\.pem$/);
  });

  it('gives way to --timeout', () => {
    const cwd = folder({ 'clockwarden.yaml': 'nodes: [a]\nsources: {ssh: {timeout: 9s}}' });
    expect(loadPolicy({ cwd, timeoutSeconds: 2 }).sources.ssh?.timeoutSeconds).toBe(2);
    expect(loadPolicy({ cwd }).sources.ssh?.timeoutSeconds).toBe(9);
  });

  it('changes limits one by one', () => {
    const { limits } = load('limits: {median: {warning: 10s}, roles: {worker: 500ms}, reference: 0.25}');
    expect(limits).toEqual({
      ...defaultLimits,
      medianWarningSeconds: 10,
      roleSeconds: { ...defaultLimits.roleSeconds, worker: 0.5 },
      referenceSeconds: 0.25,
    });
  });

  it('takes the usual timesync block; its threshold is the limit of workers and the control plane', () => {
    const block = [
      'timesync:',
      '  enabled: true',
      '  mode: chrony',
      '  servers: [192.168.1.10]',
      '  threshold: 500ms',
    ];
    const policy = load(...block, 'limits: {roles: {worker: 1s}}');
    expect(policy.limits.roleSeconds).toMatchObject({ 'control-plane': 0.5, worker: 1, etcd: 0.05 });
    expect(policy.timesync).toMatchObject({
      enabled: true,
      mode: 'chrony',
      servers: ['192.168.1.10'],
      thresholdSeconds: 0.5,
    });
    expect(load('timesync: {enabled: false, threshold: 5s}').limits).toEqual(defaultLimits);
  });

  it('resolves paths against its own folder, and ~ against home', () => {
    const cwd = folder({ 'clockwarden.yaml': 'history: {path: h.sqlite}\nconsole: {tokenFile: ~/t}' });
    const policy = loadPolicy({ cwd: root, configPath: join(cwd, 'clockwarden.yaml') });
    expect(policy.history.path).toBe(join(cwd, 'h.sqlite'));
    expect(policy.console.tokenFile).toBe(join(homedir(), 't'));
    expect(load("history: {path: ':memory:'}").history.path).toBe(':memory:');
  });

  it('adds the nodes of its inventory to its own; --inventory takes the place of both', () => {
    const files = {
      'clockwarden.yaml': 'name: x\nnodes: [own]\ninventory: hosts',
      hosts: 'listed',
      other: 'else',
    };
    const cwd = folder(files);
    expect(loadPolicy({ cwd }).nodes.map((node) => node.name)).toEqual(['own', 'listed']);
    const replaced = loadPolicy({ cwd, inventoryPath: 'other' });
    expect([replaced.name, ...replaced.nodes.map((node) => node.name)]).toEqual(['x', 'else']);
  });

  it.each(['127.0.0.1:8323', '[::1]:80', 'console.example:443', '0.0.0.0:0'])('listens on %s', (listen) => {
    const { console: web } = load(`console: {listen: '${listen}'}`);
    expect(`${web.host.includes(':') ? `[${web.host}]` : web.host}:${web.port}`).toBe(listen);
  });
});

describe('mistakes in clockwarden.yaml', () => {
  it('are all listed with line and column, and unknown keys with the nearest right one', () => {
    expect(
      mistakes(
        'nmae: x',
        'nodes:',
        '  - 3',
        '  - {nam: a, adress: b, roles: [control-plan]}',
        'sources: {nodeExporter: true, ssh: {interval: 5x}}',
        'limits: {roles: {workers: 1s}}',
        'console: {listen: 8323}',
      ),
    ).toEqual([
      '1:1 there is no key `nmae` here; is `name` meant?',
      '3:5 `nodes[1]`: text or a map of keys is wanted here, not a number',
      '4:6 `nodes[2]`: there is no key `nam` here; is `name` meant?',
      '4:14 `nodes[2]`: there is no key `adress` here; is `address` meant?',
      '4:33 `nodes[2].roles[1]`: one of `control-plane`, `etcd`, `worker`, `ntp-server` is wanted; is `control-plane` meant?',
      '5:11 `sources`: there is no key `nodeExporter` here; is `node-exporter` meant?',
      expect.stringMatching(/^5:47 `sources\.ssh\.interval`: a length of time is wanted/),
      '6:18 `limits.roles`: there is no key `workers` here; is `worker` meant?',
      '7:19 `console.listen`: text is wanted here, not a number',
    ]);
  });

  it.each([
    ['a list for a map', '- a'],
    ['a duplicate key', 'name: a\nname: b'],
    ['broken YAML', 'nodes: [a\nname: b'],
    [
      'an alias bomb',
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nnodes: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]',
    ],
    ['ten thousand brackets', '['.repeat(10_000)],
    ['a warning above critical', 'limits: {median: {warning: 5m}}'],
    ['a time zone that does not exist', 'timezone: Asia/Peking'],
    ['a time zone in the wrong case', 'timezone: asia/shanghai'],
    ['an offset for a time zone', 'timezone: "+08:00"'],
    ['an option for an address', 'nodes: ["-oProxyCommand=x"]'],
    ['a node with nothing', 'nodes: [{role: worker}]'],
    ['an option for a user', 'nodes: [{name: a, ssh: {user: "-l"}}]'],
    ['a path for a name', 'name: ../x'],
    ['a password in a URL', 'sources: {prometheus: {url: "http://a:b@c"}}'],
    ['another protocol', 'sources: {prometheus: {url: "file:///etc"}}'],
    ['a negative time', 'limits: {reference: -1s}'],
    ['zero', 'limits: {reference: 0}'],
    ['a port out of range', 'sources: {ntp: {port: 70000}}'],
    ['an address without port', 'console: {listen: 127.0.0.1}'],
    ['no host', 'console: {listen: ":80"}'],
    ['a tiny history', 'history: {maxSize: 1KiB}'],
    ['null for a map', 'console:'],
    ['half of a credential', 'sources: {prometheus: {username: a}, node-exporter: {keyFile: k}}'],
    ['allow all', 'timesync: {allow: [all]}'],
  ])('%s', (_, content) => expect(mistakes(content).length).toBeGreaterThan(0));

  it('a name that two nodes have, with both places', () => {
    const error = failure(() => load('nodes:', '  - a', '  - a=10.0.0.2'));
    expect(error.details[0]?.where).toMatch(/clockwarden\.yaml:3$/);
    expect(error.details[0]?.detail?.en).toMatch(/`a` is taken already \(.*clockwarden\.yaml:2\)/);
  });

  it('files that are none', () => {
    expect(failure(() => loadPolicy({ cwd: root, configPath: '.' })).code).toBe('config-invalid');
    const cwd = folder({});
    writeFileSync(join(cwd, 'latin1.yaml'), Buffer.from([0x6e, 0xe9]));
    expect(failure(() => loadPolicy({ cwd, configPath: 'latin1.yaml' })).code).toBe('config-invalid');
  });
});

describe('an inventory', () => {
  it('has every mistake listed with its file and line, files of variables included', () => {
    const cwd = folder({ hosts: 'a b\n[g]\nok\n[g:vars]\njunk\n' });
    mkdirSync(join(cwd, 'host_vars'));
    writeFileSync(join(cwd, 'host_vars', 'ok.yml'), 'x: 1\nansible_port: no\n');
    const error = failure(() => loadPolicy({ cwd, inventoryPath: 'hosts' }));
    expect(error.code).toBe('inventory-invalid');
    expect(error.details.map(({ where, line }) => `${where?.slice(cwd.length + 1)}:${line}`)).toEqual([
      'hosts:1',
      'hosts:5',
      'host_vars/ok.yml:2',
    ]);
  });

  it('may have encrypted files beside it', () => {
    const cwd = folder({ hosts: 'a' });
    mkdirSync(join(cwd, 'group_vars'));
    writeFileSync(join(cwd, 'group_vars', 'all.yml'), '$ANSIBLE_VAULT;1.1;AES256\n6162\n');
    expect(loadPolicy({ cwd, inventoryPath: 'hosts' }).nodes).toHaveLength(1);
  });

  it('is YAML by its ending or by its first line', () => {
    const cwd = folder({ hosts: '# ours\nall:\n  hosts:\n    a:\n', 'x.yml': 'all: {hosts: {b: }}' });
    expect(loadPolicy({ cwd, inventoryPath: 'hosts' }).nodes[0]?.name).toBe('a');
    expect(loadPolicy({ cwd, inventoryPath: 'x.yml' }).nodes[0]?.name).toBe('b');
  });

  it('is not a program', () => {
    const cwd = folder({ 'inv.py': '#!/usr/bin/python3\n' });
    expect(failure(() => loadPolicy({ cwd, inventoryPath: 'inv.py' })).code).toBe('inventory-invalid');
  });
});
