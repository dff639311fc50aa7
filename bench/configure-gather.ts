/** Gathers the facts of the nodes of a configuration, as every command that changes nodes begins, and prints how many told them. */
import { loadPolicy } from '@clockwarden/adapters/config';
import { gatherFacts, openLogins } from '@clockwarden/adapters/configure';
import { defaultSources } from '@clockwarden/core/policy';

const policy = loadPolicy({ configPath: process.argv[2], cwd: process.cwd() });
const logins = openLogins(policy.sources.ssh ?? defaultSources.ssh);
let told = 0;
await gatherFacts(policy.nodes, logins, new AbortController().signal, (_, gathered) => {
  if (gathered.ok) told += 1;
});
await logins.close();
console.log(told);
