import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

/** Serves the files of one flat directory, and nothing else, as an apt repository. */
export function serveMirror(address: string, directory: string): Promise<Server> {
  const server = createServer((request, response) => {
    void (async () => {
      const name = fileName(request.url ?? '');
      // Only names that the directory really lists: a request never becomes a path of its own.
      if (name === undefined || !(await readdir(directory)).includes(name)) {
        response.writeHead(404).end();
        return;
      }
      const facts = await stat(join(directory, name));
      if (!facts.isFile()) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, {
        'content-length': facts.size,
        'last-modified': facts.mtime.toUTCString(),
        'content-type': 'application/octet-stream',
      });
      if (request.method === 'HEAD') response.end();
      else createReadStream(join(directory, name)).pipe(response);
    })().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  return new Promise((resolve) => {
    server.listen(80, address, () => resolve(server));
  });
}

function fileName(url: string): string | undefined {
  try {
    return decodeURIComponent(url.split('?')[0] ?? '')
      .split('/')
      .at(-1);
  } catch {
    return undefined;
  }
}
