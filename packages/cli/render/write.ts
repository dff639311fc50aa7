import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { type FormatName, formats, type NodeDesign, type WantedFile } from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';
import { stringify } from 'yaml';

/** A file to be written below the output folder. */
export interface RenderedFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** `tree`: the files as they lie on the node, below its name; otherwise one document a node. Nothing for one that is adopted. */
export function renderedText(
  design: NodeDesign,
  files: readonly WantedFile[],
  format: string,
): readonly RenderedFile[] {
  if (design.adopted) return [];
  const name = design.node.name;
  if (!isFormat(format)) {
    return files.map((file) => ({ path: join(name, file.path), content: file.content, mode: file.mode }));
  }
  const document = formats[format](design, files);
  const body =
    document.syntax === 'json'
      ? `${JSON.stringify(document.data, null, 2)}\n`
      : stringify(document.data, { lineWidth: 0, blockQuote: 'literal' });
  const first = document.firstLine === undefined ? '' : `${document.firstLine}\n`;
  return [{ path: `${name}${document.suffix}`, content: first + body, mode: 0o644 }];
}

function isFormat(format: string): format is FormatName {
  return Object.hasOwn(formats, format);
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
      writeFileSync(path, file.content, { mode: file.mode });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new OperatorError('cannot-write', { where: path, detail: text(reason, reason) });
    }
  }
  return files.length;
}
