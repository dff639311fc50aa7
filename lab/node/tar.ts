import type { NodeFile } from '../flavours/index.ts';

/** A ustar archive (POSIX.1-1988) of files and symbolic links that belong to root. Paths are absolute and below 100 bytes. */
export function tarOf(files: readonly NodeFile[], mtimeSeconds: number): Uint8Array {
  const blocks: Buffer[] = [];
  for (const file of files) {
    const body = Buffer.from(file.link === undefined ? (file.content ?? '') : '');
    blocks.push(
      header(file, body.length, mtimeSeconds),
      body,
      Buffer.alloc((512 - (body.length % 512)) % 512),
    );
  }
  // Two empty blocks end the archive; ubd devices want whole kilobytes.
  blocks.push(Buffer.alloc(1024));
  const archive = Buffer.concat(blocks);
  return Buffer.concat([archive, Buffer.alloc((4096 - (archive.length % 4096)) % 4096)]);
}

function header(file: NodeFile, size: number, mtimeSeconds: number): Buffer {
  const block = Buffer.alloc(512);
  const name = `.${file.path}`;
  if (Buffer.byteLength(name) > 99 || Buffer.byteLength(file.link ?? '') > 99) {
    throw new Error(`Path too long for a seed: ${file.path}`);
  }
  const octal = (value: number, at: number, width: number): void => {
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at);
  };
  block.write(name, 0);
  octal(file.mode ?? 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(mtimeSeconds, 136, 12);
  block.write(' '.repeat(8), 148);
  block.write(file.link === undefined ? '0' : '2', 156);
  block.write(file.link ?? '', 157);
  block.write('ustar\0' + '00', 257);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}
