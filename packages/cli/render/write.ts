import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { type Format, type FormatName, formats, type RenderedNode } from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';
import { stringify } from 'yaml';

/** A file to be written below the output folder. */
export interface RenderedFile {
  readonly node: string;
  readonly path: string;
  /** Permission bits. A file that others may not read holds a secret. */
  readonly mode: number;
  /** Who it belongs to on the node; absent: it is a document about the node and never lies there. */
  readonly owner?: string;
  readonly group?: string;
  readonly content: string;
}

/** @param format null: the files as they lie on the node, below its name; otherwise one document a node */
export function renderedFiles(node: RenderedNode, format: FormatName | null): readonly RenderedFile[] {
  const { name } = node.design.node;
  if (format === null) {
    return node.files.map(({ path, mode, owner, group, content }) => ({
      node: name,
      path: join(name, path),
      mode,
      owner,
      group,
      content,
    }));
  }
  const { document }: Format = formats[format];
  const { suffix, syntax, firstLine, data } = document(node);
  const body =
    syntax === 'json'
      ? `${JSON.stringify(data, null, 2)}\n`
      : // Readers of YAML 1.1 among them, cloud-init's for one, take a bare `no` or `0644` for something else than text.
        stringify(data, { version: '1.1', lineWidth: 0, blockQuote: 'literal' });
  const content = firstLine === undefined ? body : `${firstLine}\n${body}`;
  const mode = node.files.some(isSecret) ? 0o600 : 0o644;
  return [{ node: name, path: `${name}${suffix}`, mode, content }];
}

/** Not everybody may read it. */
export function isSecret({ mode }: { readonly mode: number }): boolean {
  return (mode & 0o004) === 0;
}

/** Writes all or nothing: what is there already is found before the first write. Returns how many were written. */
export function writeRendered(folder: string, files: readonly RenderedFile[], force: boolean): number {
  // A node may be called `..`.
  const stray = files.filter((file) => !resolve(folder, file.path).startsWith(resolve(folder) + sep));
  if (stray.length > 0)
    throw new OperatorError('cannot-write', ...stray.map(({ path }) => ({ where: path })));
  const present = files.map((file) => join(folder, file.path)).filter((path) => existsSync(path));
  if (present.length > 0 && !force) {
    throw new OperatorError('file-exists', ...present.map((where) => ({ where })));
  }
  for (const file of files) {
    const path = join(folder, file.path);
    try {
      mkdirSync(dirname(path), { recursive: true });
      // A file that is there would keep its mode, and a link would lead elsewhere.
      rmSync(path, { force: true });
      writeFileSync(path, file.content, { mode: file.mode, flag: 'wx' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new OperatorError('cannot-write', { where: path, detail: text(reason, reason) });
    }
  }
  return files.length;
}
