import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promtool } from '@clockwarden/testkit/daemons';
import { serveDemo } from '@clockwarden/testkit/demo-cluster';
import { runOrThrow } from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';
import { expect, test } from 'vitest';
import { hashPassword } from '../auth/index.ts';

test('promtool finds nothing to say about the metrics', async () => {
  const server = await serveDemo({ nodes: 30 });
  try {
    await waitFor(() => server.loop.settled);
    const metrics = await (await fetch(new URL('/metrics', server.url))).text();
    const child = spawn(await promtool(), ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    child.stdin.end(metrics);
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    expect(said).toBe('');
  } finally {
    await server.close();
  }
});

test('over TLS the session’s cookie is Secure', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clockwarden-tls-'));
  try {
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const args = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '1',
    ];
    await runOrThrow('openssl', [...args, '-keyout', keyFile, '-out', certFile, ...subject]);
    const passwordHash = await hashPassword('a long password');
    const server = await serveDemo({
      nodes: 3,
      console: { host: '0.0.0.0', passwordHash, tls: { certFile, keyFile } },
    });
    try {
      const url = new URL(server.url.replace('0.0.0.0', '127.0.0.1'));
      expect(url.protocol).toBe('https:');
      const ca = readFileSync(certFile);
      const status = await new Promise((resolve, reject) => {
        get(new URL('/api/v1/cluster', url), { ca }, (response) => resolve(response.resume().statusCode)).on(
          'error',
          reject,
        );
      });
      expect(status).toBe(401);
      const curl = ['--silent', '--cacert', certFile, '-D', '-', '-o', join(folder, 'body')];
      const login = ['-H', 'content-type: application/json', '-d', '{"secret":"a long password"}'];
      const headers = await runOrThrow('curl', [...curl, ...login, new URL('/api/v1/session', url).href]);
      expect(headers).toMatch(
        /^set-cookie: __Host-clockwarden=[\w-]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict/im,
      );
    } finally {
      await server.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
