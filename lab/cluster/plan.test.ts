import { describe, expect, test } from 'vitest';
import { LabProblem } from '../problem.ts';
import { parseAmount, planNodes } from './plan.ts';

describe('amounts of time', () => {
  test.each([
    ['+90s', 90_000_000_000n],
    ['-3d', -259_200_000_000_000n],
    ['1.5ms', 1_500_000n],
    ['-0.25us', -250n],
    ['2µs', 2_000n],
    ['7ns', 7n],
    ['+40y', 1_262_304_000_000_000_000n],
    ['-40y', -1_262_304_000_000_000_000n],
    ['1.25h', 4_500_000_000_000n],
    ['0s', 0n],
  ])('%s', (text, nanoseconds) => {
    expect(parseAmount(text)).toBe(nanoseconds);
  });

  test.each(['', '90', 's', '+-1s', '1e3s', '1.s', '1 fortnight', '--1s', '1s; reboot'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseAmount(text)).toThrow(LabProblem);
    },
  );
});

describe('a plan', () => {
  test('gives three control-plane nodes by default, and one where there are fewer than three nodes', () => {
    const roles = (nodes: number): string[] => planNodes({ nodes, image: 'bare' }).map((node) => node.role);
    expect(roles(5)).toEqual(['control-plane', 'control-plane', 'control-plane', 'worker', 'worker']);
    expect(roles(2)).toEqual(['control-plane', 'worker']);
    expect(roles(1)).toEqual(['control-plane']);
  });

  test('deals the flavours out in turn', () => {
    const kinds = planNodes({ nodes: 5, image: 'chrony,bare' }).map((node) => node.flavour);
    expect(kinds).toEqual(['chrony', 'bare', 'chrony', 'bare', 'chrony']);
    expect(new Set(planNodes({ nodes: 7, image: 'mixed' }).map((node) => node.flavour)).size).toBe(7);
  });

  test('sets clocks and zones of the nodes that are named', () => {
    const nodes = planNodes({
      nodes: 4,
      image: 'chrony',
      clock: 'node2=+90s,node4=-3d',
      timezone: 'Asia/Shanghai,node3=UTC',
    });
    expect(nodes.map((node) => node.clock)).toEqual([null, '90000000000', null, '-259200000000000']);
    expect(nodes.map((node) => node.timezone)).toEqual([
      'Asia/Shanghai',
      'Asia/Shanghai',
      'UTC',
      'Asia/Shanghai',
    ]);
  });

  test('gives every node its own addresses', () => {
    const nodes = planNodes({ nodes: 100, image: 'bare' });
    expect(new Set(nodes.flatMap((node) => [node.address, node.wire])).size).toBe(200);
    expect(nodes[99]).toMatchObject({ name: 'node100', address: '10.99.0.110' });
  });

  test.each([
    [{ nodes: 0, image: 'bare' }, /--nodes/],
    [{ nodes: 101, image: 'bare' }, /--nodes/],
    [{ nodes: 2, controlPlane: 3, image: 'bare' }, /--control-plane/],
    [{ nodes: 2, controlPlane: 0, image: 'bare' }, /--control-plane/],
    [{ nodes: 2, image: 'gentoo' }, /no image "gentoo".*chrony/],
    [{ nodes: 2, image: 'bare', clock: '+90s' }, /node2=\+90s/],
    [{ nodes: 2, image: 'bare', clock: 'node3=+90s' }, /no node "node3"/],
    [{ nodes: 2, image: 'bare', timezone: 'node1=../../etc/passwd' }, /not the name of a timezone/],
  ])('refuses %o', (options, message) => {
    expect(() => planNodes(options)).toThrow(message);
  });
});
