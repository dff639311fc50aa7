/** `npm run capture`: makes the captures of fixtures/ anew from real daemons. Needs root; changes nothing else. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNamespace, enterNamespace } from '../namespace/index.ts';
import { captureChrony } from './chrony.ts';
import { Collection, type Entry } from './collection.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures', import.meta.url));
const parts = { 'chrony-4.3': captureChrony };

const wanted = process.argv.slice(2);
const chosen = Object.entries(parts).filter(([name]) => wanted.length === 0 || wanted.includes(name));
await using namespace = await createNamespace();
const leave = enterNamespace(namespace.name);
const collection = new Collection(
  fixtures,
  chosen.map(([name]) => name),
);
try {
  for (const [name, capture] of chosen) {
    console.log(name);
    await capture(collection, namespace);
  }
} finally {
  leave();
}
const manifest = join(fixtures, 'manifest.json');
const before = JSON.parse(readFileSync(manifest, 'utf8')) as Entry[];
const kept = before.filter(({ file }) => !chosen.some(([name]) => file.startsWith(`${name}/`)));
const all = [...kept, ...collection.entries].sort((a, b) => (a.file < b.file ? -1 : 1));
writeFileSync(manifest, `[\n${all.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`);
console.log(`${collection.entries.length} captures`);
