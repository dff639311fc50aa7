import { readdirSync, readFileSync } from 'node:fs';
import type { FuzzTarget } from '@clockwarden/testkit/fuzz';
import {
  chronyFamilies,
  chronySyncOf,
  collectorFamilies,
  hostOf,
  kernelOf,
  readPage,
  readVector,
} from './index.ts';

const families = [...Object.values(collectorFamilies).flat(), ...chronyFamilies].sort();
const decoder = new TextDecoder();

function captures(directory: string): Uint8Array[] {
  const folder = new URL(`../../../fixtures/${directory}/`, import.meta.url);
  return readdirSync(folder).map((file) => new Uint8Array(readFileSync(new URL(file, folder))));
}

export const fuzz: readonly FuzzTarget[] = [
  {
    name: 'exposition-page',
    seeds: () => captures('node-exporter-1.5'),
    run: (input) => {
      const page = readPage(decoder.decode(input), families);
      if (!page.ok) return;
      kernelOf(page.series);
      hostOf(page.series);
      chronySyncOf(page.series);
    },
  },
  {
    name: 'prometheus-reply',
    seeds: () => captures('prometheus-2.42'),
    run: (input) => void readVector(decoder.decode(input)),
  },
];
