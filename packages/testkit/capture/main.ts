/** `npm run capture`: makes the captures of fixtures/ anew from real daemons. Needs root; changes nothing else. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNamespace, enterNamespace } from '../namespace/index.ts';
import { captureChrony } from './chrony.ts';
import { Collection, type Entry } from './collection.ts';
import { captureAdjtimex, captureNtpPackets, captureNtpsec } from './ntp.ts';
import { captureNodeExporter, capturePrometheus } from './prometheus.ts';
import { captureSystemd } from './systemd.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures', import.meta.url));
const parts = {
  'chrony-4.3': captureChrony,
  'ntpsec-1.2.2': captureNtpsec,
  'ntp-packets': captureNtpPackets,
  adjtimex: captureAdjtimex,
  'systemd-252': captureSystemd,
  'node-exporter-1.5': captureNodeExporter,
  'prometheus-2.42': capturePrometheus,
};

const wanted = process.argv.slice(2);
const chosen = Object.entries(parts).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const manifest = join(fixtures, 'manifest.json');
for (const [name, capture] of chosen) {
  const collection = new Collection(fixtures, name);
  await using namespace = await createNamespace();
  const leave = enterNamespace(namespace.name);
  try {
    await capture(collection, namespace);
  } finally {
    leave();
  }
  const known = JSON.parse(readFileSync(manifest, 'utf8')) as Entry[];
  const all = [...known.filter(({ file }) => !file.startsWith(`${name}/`)), ...collection.entries];
  all.sort((a, b) => (a.file < b.file ? -1 : 1));
  writeFileSync(manifest, `[\n${all.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`);
  console.log(`${name}: ${collection.entries.length} captures`);
}
