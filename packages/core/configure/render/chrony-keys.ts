/** chrony.keys (chrony.keys(5)): only lines that are keys are taken over, so that nothing else reaches the node. */
import type { KeysConfig } from '../../policy/index.ts';
import { type Text, text } from '../../text/index.ts';
import type { ChronyPaths } from '../files.ts';

/** `ID [TYPE] KEY`: the key in ASCII or as `HEX:...`; TYPE is MD5 where it is not written. */
const KEY_LINE =
  /^(\d{1,10})[ \t]+(?:(MD5|SHA1|SHA256|SHA384|SHA512|SHA3-(?:224|256|384|512)|TIGER|WHIRLPOOL|AES128|AES256)[ \t]+)?((?:ASCII:|HEX:)?[\x21-\x7e]{1,1000})$/;

interface ChronyKey {
  readonly id: number;
  readonly line: string;
}

export function chronyKeys(
  { content }: KeysConfig,
  { keyFile, group }: ChronyPaths,
): { readonly path: string; readonly group: string; readonly content: string } {
  if (content === null) throw new Error('the key file was not read');
  const lines = keysIn(content).keys.map(({ line }) => line);
  return { path: keyFile, group, content: `${['# Written by Clockwarden.', ...lines].join('\n')}\n` };
}

/** Why a key file cannot be used; null: it can. Never says anything of the keys themselves. */
export function keyFileProblem(content: string, id: number): Text | null {
  const { keys, wrong } = keysIn(content);
  if (wrong !== null) {
    return text(`line ${wrong} is no key (\`ID TYPE KEY\`)`, `第 ${wrong} 行不是密钥(\`编号 类型 密钥\`)`);
  }
  if (!keys.some((key) => key.id === id)) return text(`it has no key ${id}`, `其中没有编号为 ${id} 的密钥`);
  return null;
}

function keysIn(content: string): { readonly keys: readonly ChronyKey[]; readonly wrong: number | null } {
  const keys: ChronyKey[] = [];
  let wrong: number | null = null;
  for (const [index, raw] of content.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || /^[#!;%]/.test(line)) continue;
    const match = KEY_LINE.exec(line);
    if (match === null) wrong ??= index + 1;
    else keys.push({ id: Number(match[1]), line: line.replaceAll(/[ \t]+/g, ' ') });
  }
  return { keys, wrong };
}
