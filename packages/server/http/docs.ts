/** /api/openapi.json, and the same for people at /api/docs, in both languages: one page, no script, nothing from elsewhere. */
import { chooseLanguage, type Language } from '@clockwarden/core/text';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { html, raw } from 'hono/html';
import { parseAccept } from 'hono/utils/accept';
import type { HtmlEscapedString } from 'hono/utils/html';
import { docsZhCN } from './docs-zh-cn.ts';

export function registerDocs(app: OpenAPIHono, version: string): void {
  const document = () =>
    app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Clockwarden',
        version,
        description:
          'Offsets are seconds, positive = ahead, and stand with the interval that holds the truth; null is "not known", never zero. Errors have one form, `Problem`. Where a login is wanted, send the token as `Authorization: Bearer …`, or log in and send X-CSRF-Token with what changes something. The live stream is GET /api/v1/stream (server-sent events).',
        license: { name: 'Apache-2.0' },
      },
    });
  app.get('/api/openapi.json', (context) => context.json(document()));
  app.get('/api/docs', (context) => {
    const accepted = parseAccept(context.req.header('accept-language') ?? '');
    const wanted = accepted.map(({ type }) => type);
    const language = chooseLanguage(context.req.query('lang'), wanted);
    const own = document() as unknown as Document;
    return context.html(language === 'en' ? page(own, 'en') : page(inChinese(own), language));
  });
  app.get('/api/docs.css', (context) =>
    context.body(css, 200, { 'content-type': 'text/css; charset=utf-8' }),
  );
}

/** Where nobody translated a description it stays English. */
function inChinese(document: Document): Document {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) =>
    (key === 'summary' || key === 'description') && typeof value === 'string'
      ? (docsZhCN[value] ?? value)
      : value,
  ) as Document;
}

const labels = {
  en: {
    parameters: 'Parameters',
    body: 'Body',
    schemas: 'Schemas',
    optional: ', optional',
    any: 'any',
    listOf: (type: string) => `list of ${type}`,
  },
  'zh-CN': {
    parameters: '参数',
    body: '请求体',
    schemas: '数据结构',
    optional: '，可省略',
    any: '任意',
    listOf: (type: string) => `${type} 的列表`,
  },
} as const satisfies Readonly<Record<Language, object>>;
type Labels = (typeof labels)[Language];

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Document {
  readonly info: { readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

type Piece = HtmlEscapedString | Promise<HtmlEscapedString>;

function page({ info, paths, components }: Document, language: Language): Piece {
  const words = labels[language];
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Clockwarden API ${info.version}</title><link rel="stylesheet" href="/api/docs.css"></head>
<body><main>
<h1>Clockwarden API ${info.version}</h1>
<p>${info.description}</p>
<p><a href="/api/openapi.json">openapi.json</a> · <a href="?lang=en" lang="en">English</a> · <a href="?lang=zh-CN" lang="zh-CN">简体中文</a></p>
<nav><ul>${operations.map(({ path, method, operation }) => html`<li><a href="#${method}-${path}"><code>${method.toUpperCase()} ${path}</code></a> ${operation.summary ?? ''}</li>`)}</ul></nav>
${operations.map(({ path, method, operation }) => operationSection(path, method, operation, words))}
<h2>${words.schemas}</h2>
${Object.entries(components?.schemas ?? {}).map(([name, schema]) => html`<section id="schema-${name}"><h3>${name}</h3>${tree(schema, words)}</section>`)}
</main></body></html>`;
}

function operationSection(path: string, method: string, operation: Operation, words: Labels): Piece {
  const { parameters = [], requestBody, responses } = operation;
  return html`<section id="${method}-${path}"><h2><code>${method.toUpperCase()} ${path}</code></h2><p>${operation.summary ?? ''}</p>
${parameters.length === 0 ? '' : html`<h3>${words.parameters}</h3><ul>${parameters.map((parameter) => html`<li><code>${parameter.name}</code> <i>${parameter.in}, ${typeOf(parameter.schema ?? {}, words)}${parameter.required ? '' : words.optional}</i> ${parameter.schema?.description ?? ''}</li>`)}</ul>`}
${requestBody === undefined ? '' : html`<h3>${words.body}</h3>${contentTree(requestBody.content, words)}`}
${Object.entries(responses).map(([status, response]) => html`<h3>${status}</h3><p>${response.description}</p>${contentTree(response.content ?? {}, words)}`)}
</section>`;
}

function contentTree(content: Content, words: Labels): readonly Piece[] {
  return Object.entries(content).map(
    ([type, { schema = {} }]) => html`<p><i>${type}</i></p>${tree(schema, words)}`,
  );
}

/** A schema as nested lists; `$ref` links to its own section. */
function tree(schema: Schema, words: Labels): Piece {
  const inner = members(schema, words);
  return inner.length === 0 ? html`<p>${label(schema, words)}</p>` : html`<ul>${inner}</ul>`;
}

function members(schema: Schema, words: Labels): readonly Piece[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).map(([name, property]) => {
      const optional = schema.required?.includes(name) === true ? '' : words.optional;
      const inner = members(property, words);
      return html`<li><code>${name}</code> <i>${label(property, words)}${optional}</i> ${property.description ?? ''}${inner.length === 0 ? '' : html`<ul>${inner}</ul>`}</li>`;
    });
  }
  if (schema.items !== undefined) return members(schema.items, words);
  return (schema.anyOf ?? schema.oneOf ?? []).flatMap((one) => members(one, words));
}

function label(schema: Schema, words: Labels): Piece {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? html`${typeOf(schema, words)}` : html`<a href="#schema-${name}">${name}</a>`;
}

function typeOf(schema: Schema, words: Labels): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? '';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants !== undefined) return [...new Set(variants.map((one) => typeOf(one, words)))].join(' | ');
  const type = typeof schema.type === 'string' ? schema.type : (schema.type?.join(' | ') ?? words.any);
  if (schema.items !== undefined) return words.listOf(typeOf(schema.items, words));
  return schema.format === undefined ? type : `${type} (${schema.format})`;
}

const css =
  raw(`:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}main{max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
code{font-family:ui-monospace,monospace}section{border-top:1px solid #8886;margin-top:1.5rem}ul{padding-left:1.2rem}i{opacity:.75}h2,h3{margin:.8rem 0 .2rem}
@media(max-width:40rem){ul{padding-left:.6rem}}`).toString();
