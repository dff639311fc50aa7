/** What zod finds wrong with clockwarden.yaml, in words, with its place and the nearest right spelling. */
import type { OperatorErrorDetails } from '@clockwarden/core/errors';
import { nearest } from '@clockwarden/core/spelling';
import { type Text, text } from '@clockwarden/core/text';
import { z } from 'zod';
import type { YamlDocument } from './document.ts';

import { configJsonSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;

export function problemsOf(
  issues: readonly Issue[],
  yaml: YamlDocument,
  where: string,
): readonly OperatorErrorDetails[] {
  return issues
    .flatMap((issue) => flatten(issue, []))
    .flatMap(({ issue, path }) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ where, ...yaml.position(path, key), detail: unknownKey(key, path) }))
        : [{ where, ...yaml.position(path), detail: named(path, describe(issue)) }],
    )
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/** A union fails with the complaints of every branch: keep those of the branch that was meant. */
function flatten(
  issue: Issue,
  base: readonly PropertyKey[],
): readonly { readonly issue: Issue; readonly path: readonly PropertyKey[] }[] {
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union') return [{ issue, path }];
  const meant = issue.errors.find(
    (branch) => !branch.some((inner) => inner.code === 'invalid_type' && inner.path.length === 0),
  );
  return meant === undefined ? [{ issue, path }] : meant.flatMap((inner) => flatten(inner, path));
}

function named(path: readonly PropertyKey[], words: Text): Text {
  const name = path
    .map((step) => (typeof step === 'number' ? `[${step + 1}]` : `.${String(step)}`))
    .join('')
    .slice(path.length > 0 && typeof path[0] === 'number' ? 0 : 1);
  return name === '' ? words : text(`\`${name}\`: ${words.en}`, `\`${name}\`：${words['zh-CN']}`);
}

function unknownKey(key: string, path: readonly PropertyKey[]): Text {
  const schema = configJsonSchema();
  const known = knownKeys(schema, path);
  // A node with another topology than its cluster would stand outside of it.
  if (path.length > 1 && path.at(-1) === 'timesync' && knownKeys(schema, ['timesync']).includes(key)) {
    return named(
      path,
      text(
        `\`${key}\` holds for the whole cluster: write it in \`timesync\` at the top`,
        `\`${key}\` 对整个集群有效：请写在顶层的 \`timesync\` 中`,
      ),
    );
  }
  const suggestion = nearest(key, known);
  return named(
    path,
    suggestion === null
      ? text(
          `there is no key \`${key}\` here; known: ${known.join(', ')}`,
          `此处没有键 \`${key}\`；可用的键：${known.join('、')}`,
        )
      : text(
          `there is no key \`${key}\` here; is \`${suggestion}\` meant?`,
          `此处没有键 \`${key}\`；是否应为 \`${suggestion}\`？`,
        ),
  );
}

/** The keys that the JSON Schema allows at a path; the value may be one of several kinds. */
function knownKeys(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  if (!isRecord(schema)) return [];
  if (Array.isArray(schema.anyOf)) return schema.anyOf.flatMap((branch) => knownKeys(branch, path));
  const [step, ...rest] = path;
  if (step === undefined) return isRecord(schema.properties) ? Object.keys(schema.properties) : [];
  if (typeof step === 'number') return knownKeys(schema.items, rest);
  const { properties, additionalProperties } = schema;
  const named = isRecord(properties) ? properties[String(step)] : undefined;
  return knownKeys(named ?? additionalProperties, rest);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const kinds: Readonly<Record<string, Text>> = {
  string: text('text', '文本'),
  number: text('a number', '数字'),
  int: text('a whole number', '整数'),
  boolean: text('`true`/`false`', ' `true`/`false` '),
  object: text('a map of keys', '键值映射'),
  record: text('a map of keys', '键值映射'),
  array: text('a list', '列表'),
  null: text('nothing', '空'),
  undefined: text('nothing', '空'),
};

function kind(name: string): Text {
  return kinds[name] ?? text(name, name);
}

function expected(wanted: readonly Text[], input: unknown): Text {
  const found = kind(
    input === null || input === undefined ? 'null' : Array.isArray(input) ? 'array' : typeof input,
  );
  const en = wanted.map((words) => words.en).join(' or ');
  const zh = wanted.map((words) => words['zh-CN']).join('或');
  return text(`${en} is wanted here, not ${found.en}`, `此处需要${zh}，而不是${found['zh-CN']}`);
}

function describe(issue: Issue): Text {
  switch (issue.code) {
    case 'invalid_type':
      return expected([kind(issue.expected)], issue.input);
    case 'invalid_union':
      return expected(
        issue.errors.flatMap((branch) =>
          branch.flatMap((inner) => (inner.code === 'invalid_type' ? [kind(inner.expected)] : [])),
        ),
        issue.input,
      );
    case 'invalid_value': {
      const values = issue.values.map(String);
      const suggestion = nearest(String(issue.input), values);
      const list = values.map((value) => `\`${value}\``);
      return text(
        `one of ${list.join(', ')} is wanted${suggestion === null ? '' : `; is \`${suggestion}\` meant?`}`,
        `应为 ${list.join('、')} 之一${suggestion === null ? '' : `；是否应为 \`${suggestion}\`？`}`,
      );
    }
    case 'custom':
      if (isRecord(issue.params) && isText(issue.params.text)) return issue.params.text;
  }
  // The rest (sizes, patterns) in zod's own words.
  return text(words(issue, z.locales.en()), words(issue, z.locales.zhCN()));
}

function words(issue: Issue, locale: { readonly localeError: z.core.$ZodErrorMap }): string {
  const message = locale.localeError(issue as z.core.$ZodRawIssue);
  return typeof message === 'string' ? message : (message?.message ?? issue.message);
}

function isText(value: unknown): value is Text {
  return isRecord(value) && typeof value.en === 'string' && typeof value['zh-CN'] === 'string';
}
