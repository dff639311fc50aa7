/** /api/openapi.json, and the same for people at /api/docs: one page, no script, nothing from elsewhere. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

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
  app.get('/api/docs', (context) => context.html(page(document() as unknown as Document)));
  app.get('/api/docs.css', (context) =>
    context.body(css, 200, { 'content-type': 'text/css; charset=utf-8' }),
  );
}

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

function page({ info, paths, components }: Document): Piece {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Clockwarden API ${info.version}</title><link rel="stylesheet" href="/api/docs.css"></head>
<body><main>
<h1>Clockwarden API ${info.version}</h1>
<p>${info.description}</p>
<p><a href="/api/openapi.json">openapi.json</a></p>
<nav><ul>${operations.map(({ path, method, operation }) => html`<li><a href="#${method}-${path}"><code>${method.toUpperCase()} ${path}</code></a> ${operation.summary ?? ''}</li>`)}</ul></nav>
${operations.map(({ path, method, operation }) => operationSection(path, method, operation))}
<h2>Schemas</h2>
${Object.entries(components?.schemas ?? {}).map(([name, schema]) => html`<section id="schema-${name}"><h3>${name}</h3>${tree(schema)}</section>`)}
</main></body></html>`;
}

function operationSection(path: string, method: string, operation: Operation): Piece {
  const { parameters = [], requestBody, responses } = operation;
  return html`<section id="${method}-${path}"><h2><code>${method.toUpperCase()} ${path}</code></h2><p>${operation.summary ?? ''}</p>
${parameters.length === 0 ? '' : html`<h3>Parameters</h3><ul>${parameters.map((parameter) => html`<li><code>${parameter.name}</code> <i>${parameter.in}, ${typeOf(parameter.schema ?? {})}${parameter.required ? '' : ', optional'}</i> ${parameter.schema?.description ?? ''}</li>`)}</ul>`}
${requestBody === undefined ? '' : html`<h3>Body</h3>${contentTree(requestBody.content)}`}
${Object.entries(responses).map(([status, response]) => html`<h3>${status}</h3><p>${response.description}</p>${contentTree(response.content ?? {})}`)}
</section>`;
}

function contentTree(content: Content): readonly Piece[] {
  return Object.entries(content).map(([type, { schema = {} }]) => html`<p><i>${type}</i></p>${tree(schema)}`);
}

/** A schema as nested lists; `$ref` links to its own section. */
function tree(schema: Schema): Piece {
  const inner = members(schema);
  return inner.length === 0 ? html`<p>${label(schema)}</p>` : html`<ul>${inner}</ul>`;
}

function members(schema: Schema): readonly Piece[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).map(([name, property]) => {
      const optional = schema.required?.includes(name) === true ? '' : ', optional';
      const inner = members(property);
      return html`<li><code>${name}</code> <i>${label(property)}${optional}</i> ${property.description ?? ''}${inner.length === 0 ? '' : html`<ul>${inner}</ul>`}</li>`;
    });
  }
  if (schema.items !== undefined) return members(schema.items);
  return (schema.anyOf ?? schema.oneOf ?? []).flatMap(members);
}

function label(schema: Schema): Piece {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? html`${typeOf(schema)}` : html`<a href="#schema-${name}">${name}</a>`;
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? '';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants !== undefined) return [...new Set(variants.map(typeOf))].join(' | ');
  const type = typeof schema.type === 'string' ? schema.type : (schema.type?.join(' | ') ?? 'any');
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  return schema.format === undefined ? type : `${type} (${schema.format})`;
}

const css =
  raw(`:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}main{max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
code{font-family:ui-monospace,monospace}section{border-top:1px solid #8886;margin-top:1.5rem}ul{padding-left:1.2rem}i{opacity:.75}h2,h3{margin:.8rem 0 .2rem}
@media(max-width:40rem){ul{padding-left:.6rem}}`).toString();
