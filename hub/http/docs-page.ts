/**
 * The API reference as one page without scripts, made from the OpenAPI and AsyncAPI documents. Pure; nothing from third parties.
 */
import type { AsyncApiDocument } from './asyncapi.ts';

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Content };
  readonly responses?: Readonly<
    Record<string, { readonly description?: string; readonly content?: Content }>
  >;
  readonly 'x-permission'?: string;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
}
type Content = Readonly<Record<string, { readonly schema?: unknown }>>;

export interface OpenApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export const docsStyle = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
code, pre { font: 14px/1.4 ui-monospace, monospace; }
pre { overflow: auto; padding: .5rem; background: color-mix(in srgb, currentColor 8%, transparent); }
summary { cursor: pointer; padding: .25rem 0; overflow-wrap: anywhere; }
details { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.method { display: inline-block; min-width: 4rem; font-weight: 600; }
.permission { opacity: .7; }
`;

export function renderDocs({ info, paths = {} }: OpenApiDocument, messages: AsyncApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const byTag = Map.groupBy(operations, ({ operation }) => operation.tags?.[0] ?? 'other');
  const sections = [...byTag].map(
    ([tag, members]) =>
      `<section><h2>${escape(tag)}</h2>${members.map((member) => renderOperation(member)).join('')}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)} API</title><link rel="stylesheet" href="/docs/style.css"></head>
<body><h1>${escape(info.title)} API ${escape(info.version)}</h1>
<p>${escape(info.description ?? '')} <a href="/api/v1/openapi.json">OpenAPI document</a>,
<a href="/api/v1/asyncapi.json">AsyncAPI document</a> of <a href="#messages">Socket.IO and MQTT</a></p>
${sections.join('\n')}
<h1 id="messages">Socket.IO and MQTT</h1>
<p>${escape(messages.info.description)}</p>
${Object.entries(messages.channels)
  .map(([key, channel]) => renderChannel(key, channel, messages))
  .join('\n')}
</body></html>
`;
}

function renderOperation({
  path,
  method,
  operation,
}: {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}): string {
  const { summary = '', description = '', parameters = [], requestBody, responses = {} } = operation;
  const permission = operation['x-permission'] ?? '';
  return `<details><summary><span class="method">${escape(method.toUpperCase())}</span> <code>${escape(path)}</code>
 ${escape(summary)} <span class="permission">${escape(permission)}</span></summary>
<p>${escape(description)}</p>
${parameters.length === 0 ? '' : `<ul>${parameters.map(renderParameter).join('')}</ul>`}
${renderContent('Request', requestBody?.content)}
${Object.entries(responses)
  .map(([status, response]) => renderContent(`${status} ${response.description ?? ''}`, response.content))
  .join('\n')}
</details>`;
}

function renderChannel(
  key: string,
  { address, description, messages }: AsyncApiDocument['channels'][string],
  { operations }: AsyncApiDocument,
): string {
  const ofChannel = Object.values(operations).filter(({ channel }) => channel.$ref === `#/channels/${key}`);
  const payloadOf = (reference: { readonly $ref: string } | undefined): string => {
    const message = messages[reference?.$ref.split('/').at(-1) ?? ''] as { payload?: unknown } | undefined;
    return `<pre>${escape(JSON.stringify(message?.payload, undefined, 2) ?? '')}</pre>`;
  };
  const rows = ofChannel.map(({ action, summary, messages: [message], reply }) => {
    const name = message?.$ref.split('/').at(-1)?.split('.').at(-1) ?? '';
    const answer = reply === undefined ? '' : `<h4>Acknowledgement</h4>${payloadOf(reply.messages[0])}`;
    return `<details><summary><span class="method">${action === 'send' ? 'hub →' : '→ hub'}</span>
 <code>${escape(name)}</code> ${escape(summary)}</summary><h4>Payload</h4>${payloadOf(message)}${answer}</details>`;
  });
  const what = typeof description === 'string' ? description : '';
  return `<section><h2><code>${escape(address)}</code></h2><p>${escape(what)}</p>${rows.join('')}</section>`;
}

function renderParameter({ name, in: place, required, description = '' }: Parameter): string {
  const need = required === true ? 'required' : 'optional';
  return `<li><code>${escape(name)}</code> in ${escape(place)}, ${need}. ${escape(description)}</li>`;
}

function renderContent(title: string, content: Content | undefined): string {
  const bodies = Object.entries(content ?? {}).map(
    ([type, { schema }]) =>
      `<p>${escape(type)}</p><pre>${escape(JSON.stringify(schema, undefined, 2) ?? '')}</pre>`,
  );
  if (content === undefined && !/^\d/.test(title)) return '';
  return `<h4>${escape(title)}</h4>${bodies.join('')}`;
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
