/** The built console: hashed assets for ever, index.html always anew, every deep link answered with it. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from 'hono';
import { contentSecurityPolicy } from './headers.ts';

const compress = promisify(gzip);

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};
const compressible = new Set(['.js', '.css', '.json', '.svg', '.txt', '.webmanifest']);

interface Asset {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly zipped: Uint8Array<ArrayBuffer> | null;
}

export interface StaticFiles {
  respond(context: Context): Promise<Response>;
}

/** @param root folder of the built console; where it is missing a page says how to build it */
export function createStaticFiles(root: string): StaticFiles {
  const cache = new Map<string, Asset>();
  const load = async (path: string): Promise<Asset | null> => {
    const known = cache.get(path);
    if (known !== undefined) return known;
    const plain = await readFile(join(root, path)).catch(() => null);
    if (plain === null) return null;
    const zipped = compressible.has(extname(path)) ? await compress(plain) : null;
    const asset = { plain: new Uint8Array(plain), zipped: zipped === null ? null : new Uint8Array(zipped) };
    // Only names with a hash never change while the server runs.
    if (path.startsWith('assets/')) cache.set(path, asset);
    return asset;
  };
  return {
    async respond(context) {
      const path = safePath(context.req.path);
      if (path !== null && path !== 'index.html') {
        const asset = await load(path);
        if (asset !== null) return assetResponse(context, path, asset);
        if (path.startsWith('assets/')) return context.notFound();
      }
      return indexPage(context, await load('index.html'));
    },
  };
}

function safePath(requested: string): string | null {
  let path: string;
  try {
    path = normalize(decodeURIComponent(requested)).replace(/^[/\\]+/, '');
  } catch {
    return null;
  }
  return path === '' || path.split(sep).includes('..') || path.includes('\0') || extname(path) === ''
    ? null
    : path;
}

function assetResponse(context: Context, path: string, asset: Asset): Response {
  const accepts = context.req.header('accept-encoding')?.includes('gzip') === true;
  const zipped = accepts ? asset.zipped : null;
  return context.body(zipped ?? asset.plain, 200, {
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    'cache-control': path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    ...(zipped === null ? {} : { 'content-encoding': 'gzip' }),
  });
}

/** A nonce for each page lets the console's styles in and nobody else's. */
function indexPage(context: Context, index: Asset | null): Response {
  const nonce = randomBytes(16).toString('base64');
  context.header('content-security-policy', contentSecurityPolicy(nonce));
  const meta = `<meta name="csp-nonce" content="${nonce}">`;
  const page =
    index === null
      ? `<!doctype html><title>Clockwarden</title>${meta}<p>The console is not built: run <code>npm run build</code>.<p lang="zh-CN">控制台尚未构建：请运行 <code>npm run build</code>。<p><a href="/api/docs">API</a>`
      : withNonce(new TextDecoder().decode(index.plain), meta);
  return context.html(page, 200, { 'cache-control': 'no-store' });
}

function withNonce(page: string, meta: string): string {
  const placeholder = /<meta\s+name="csp-nonce"[^>]*>/;
  return placeholder.test(page)
    ? page.replace(placeholder, () => meta)
    : page.replace(/<head>/, (head) => head + meta);
}
