import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Does something that only one process of this machine may do at a time, for one `subject` such as a directory. The lock is an
 * abstract Unix socket (unix(7)): the kernel takes it back when its owner dies, however it dies. `waiting` is called once when
 * somebody else holds it.
 */
export async function withLock<T>(subject: string, waiting: () => void, act: () => Promise<T>): Promise<T> {
  // 107 bytes are all that an address has: hence the hash.
  const address = `\0clockwarden-lab-${createHash('sha256').update(subject).digest('hex').slice(0, 32)}`;
  let told = false;
  let server = await hold(address);
  while (!server) {
    if (!told) waiting();
    told = true;
    await wait(250);
    server = await hold(address);
  }
  try {
    return await act();
  } finally {
    server.close();
  }
}

function hold(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}
