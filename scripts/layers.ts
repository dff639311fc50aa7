/**
 * Holds the borders of DESIGN: core ← api, adapters ← server, cli; core, api ← web. Reads every import of every module,
 * types included, and names each that crosses a border. `scripts/layers.test.ts` plants violations and counts modules.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';

/** For each package the packages of this workspace that it may import. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  api: ['core'],
  adapters: ['core'],
  server: ['core', 'api', 'adapters'],
  web: ['core', 'api'],
  cli: ['core', 'api', 'adapters', 'server'],
};

/** Beyond these, core has no dependency of any kind, and api only schemas. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  core: [],
  api: ['zod', '@hono/zod-openapi'],
};

/** Tests may also use the testkit and test libraries; they take no part in the product. */
const isTest = (path: string): boolean => /\.(test|fuzz)\.tsx?$/.test(path);

export interface Module {
  readonly path: string;
  readonly source: string;
}

export interface Violation {
  readonly path: string;
  readonly imported: string;
  readonly why: string;
}

export function violationsOf(modules: readonly Module[]): readonly Violation[] {
  return modules.flatMap((module) => {
    const own = packageOf(module.path);
    if (own === undefined || isTest(module.path)) return [];
    return importsOf(module.source).flatMap((imported) => {
      const why = judge(own, module.path, imported);
      return why === null ? [] : [{ path: module.path, imported, why }];
    });
  });
}

function judge(own: string, path: string, imported: string): string | null {
  const may = allowed[own];
  if (may === undefined) return null;
  if (imported.startsWith('.')) {
    const target = packageOf(normalize(join(dirname(path), imported)));
    return target === own || imported.endsWith('package.json')
      ? null
      : 'a relative import leaves its package';
  }
  const workspace = /^@clockwarden\/([a-z0-9]+)/.exec(imported)?.[1];
  if (workspace !== undefined) {
    return workspace === own || may.includes(workspace)
      ? null
      : `${own} may import ${may.join(', ') || 'nothing'}`;
  }
  const known = libraries[own];
  return known === undefined ||
    known.includes(
      imported
        .split('/')
        .slice(0, imported.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    ? null
    : `${own} has no such dependency`;
}

function packageOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(path)?.[1];
}

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`, at the start of a statement or in an expression. */
function importsOf(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const patterns = [
    /^\s*(?:import|export)\b[^;'"`]*?from\s+['"]([^'"]+)['"]/gm,
    /^\s*import\s+['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].flatMap((match) => match[1] ?? []));
}

export function modulesOfTree(): readonly Module[] {
  return globSync('packages/*/**/*.{ts,tsx}', {
    exclude: (name) => name === 'node_modules' || name === 'dist',
  })
    .filter((path) => !path.includes('/node_modules/') && !path.includes('/dist/'))
    .map((path) => ({ path, source: readFileSync(path, 'utf8') }));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const modules = modulesOfTree();
  const violations = violationsOf(modules);
  for (const { path, imported, why } of violations) console.error(`${path}: imports ${imported}: ${why}`);
  console.log(`layers: ${modules.length} modules, ${violations.length} violations`);
  process.exitCode = violations.length === 0 && modules.length > 0 ? 0 : 1;
}
