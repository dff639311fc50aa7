import { createServer } from 'node:net';
import { createNtpSource } from '@clockwarden/adapters/ntp';
import { createSshSource } from '@clockwarden/adapters/ssh';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { defaultSources } from '@clockwarden/core/policy';
import { startSshd } from '../daemons/index.ts';
import { startResponder } from '../responder/index.ts';
import { sourceContract } from './index.ts';

const node = (name: string, address: string, ssh: NodeSpec['ssh'] = {}): NodeSpec => ({
  name,
  address,
  roles: ['worker'],
  ssh,
  origin: 'test',
});

sourceContract('ntp', async () => {
  const living = await startResponder({ address: '127.0.0.71' });
  const silent = await startResponder({ address: '127.0.0.72', port: living.port, behaviour: { copies: 0 } });
  const timeoutSeconds = 4;
  return {
    source: createNtpSource({ ...defaultSources.ntp, port: living.port, timeoutSeconds }),
    living: node('living', living.address),
    dead: (index) => node(`dead-${index}`, silent.address),
    timeoutSeconds,
    stop: async () => {
      await Promise.all([living.stop(), silent.stop()]);
    },
  };
});

sourceContract('ssh', async () => {
  const sshd = await startSshd();
  // Takes connections and never says a word.
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const timeoutSeconds = 10;
  return {
    source: createSshSource({
      ...defaultSources.ssh,
      configFile: sshd.sshConfig,
      sudo: 'never',
      timeoutSeconds,
    }),
    living: node('living', 'node'),
    dead: (index) => node(`dead-${index}`, 'node', { port: address.port }),
    timeoutSeconds,
    stop: async () => {
      silent.close();
      await sshd.stop();
    },
  };
});
