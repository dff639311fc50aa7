import { expect, test } from 'vitest';
import { readYaml } from './document.ts';

test('a key that stands twice in one map is told where it stands again, at any depth', () => {
  const yaml = readYaml('name: a\nnodes:\n  - {name: x, "name": y}\nname: b\n', 'clockwarden.yaml');
  expect('problems' in yaml && yaml.problems).toMatchObject([
    { where: 'clockwarden.yaml', line: 4, column: 1 },
    { where: 'clockwarden.yaml', line: 3, column: 15 },
  ]);
  expect('problems' in readYaml('a: {name: x}\nb: {name: x}\n1: x\n"1": y\n', 'x')).toBe(false);
});

test('the hosts of a large inventory are read in a time that grows with their number, not with its square', () => {
  const hosts = (count: number): string =>
    `hosts:\n${Array.from({ length: count }, (_, index) => `  node${index}:\n`).join('')}`;
  const tookMs = (content: string): number => {
    const started = process.cpuUsage().user;
    expect('problems' in readYaml(content, 'hosts.yaml', '1.1')).toBe(false);
    return (process.cpuUsage().user - started) / 1_000;
  };
  tookMs(hosts(1_000));
  // Sixteen times the hosts: 16 times the work, or 256 times.
  expect(tookMs(hosts(16_000))).toBeLessThan(100 * Math.max(tookMs(hosts(1_000)), 2));
});
