/** What a route may assume of its request: bodies as they came, texts of path and query as the schema types them. */
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { parseJson } from '#contract/formats/json.ts';
import { limits } from '#contract/limits.ts';
import type { App } from './parts.ts';
import { wholeBody } from './whole-body.ts';

type Texts = Readonly<Record<string, unknown>>;

const decimal = /^-?\d{1,16}(?:\.\d{1,9})?$/;
const booleans: Readonly<Record<string, boolean>> = { true: true, false: false };

/**
 * Only JSON, parsed by the rules of our formats: nothing is rounded, nothing nests without end. A body is checked
 * as it is, never coerced: a reading `null` must not become 0.
 */
export function installBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) =>
      body.length === 0 ? undefined : parseJson(body.toString('utf8')),
  );
  app.setValidatorCompiler(checkRequest);
  // Answers leave as they are: serialisers made from schemas drop and coerce what does not fit.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
}

/** In a scope of routes that decode the bytes themselves: as they came, and as many as a batch may have. */
export function takeBytes(scope: App, types: string | string[]): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(types, wholeBody(limits.httpBatchBytes));
}

/** For routes that decode the bytes themselves: their body schema is documentation. */
export const bodyUnchecked: FastifySchemaCompiler<TSchema> = (route) =>
  route.httpPart === 'body' ? () => true : checkRequest(route);

const checkRequest: FastifySchemaCompiler<TSchema> = (route) => {
  // As a body it converts nothing. Its own conversion would take `1.5` for an integer.
  const check = TypeBoxValidatorCompiler({ ...route, httpPart: 'body' });
  if (route.httpPart === 'body') return check;
  const types = convertedTypes(route.schema);
  return types.size === 0 ? check : (texts: Texts) => check(convertTexts(types, texts));
};

/** By name, the types that a text is not already. */
function convertedTypes(schema: TSchema): ReadonlyMap<string, string> {
  const { properties = {} } = schema as {
    readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
  };
  const types = Object.entries(properties).map(([name, { type = '' }]) => [name, type] as const);
  return new Map(types.filter(([, type]) => ['boolean', 'number', 'integer'].includes(type)));
}

/** Texts become numbers and booleans where the schema wants them and they are written so; the rest stays text. */
function convertTexts(types: ReadonlyMap<string, string>, texts: Texts): Texts {
  const entries = Object.entries(texts).map(([name, text]) => {
    return [name, typeof text === 'string' ? convertText(types.get(name), text) : text] as const;
  });
  return Object.fromEntries(entries);
}

function convertText(type: string | undefined, text: string): unknown {
  if (type === undefined) return text;
  if (type === 'boolean') return booleans[text] ?? text;
  return decimal.test(text) ? Number(text) : text;
}
