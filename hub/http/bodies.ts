/** What a route may assume of its request: bodies as they came, texts of path and query as the schema types them. */
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { parseJson } from '#contract/formats/json.ts';
import type { App } from './parts.ts';

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

/** A content type parser of routes that decode the bytes themselves. */
export const bodyAsItIs = (
  _request: unknown,
  body: Buffer,
  done: (error: Error | null, body: Buffer) => void,
): void => done(null, body);

/** For routes that decode the bytes themselves: their body schema is documentation. */
export const bodyUnchecked: FastifySchemaCompiler<TSchema> = (route) =>
  route.httpPart === 'body' ? () => true : checkRequest(route);

const checkRequest: FastifySchemaCompiler<TSchema> = (route) => {
  // As a body it converts nothing. Its own conversion would take `1.5` for an integer.
  const check = TypeBoxValidatorCompiler({ ...route, httpPart: 'body' });
  if (route.httpPart === 'body') return check;
  return (texts: Texts) => check(convertTexts(route.schema, texts));
};

/** Texts become numbers and booleans where the schema wants them and they are written so; the rest stays text. */
function convertTexts(schema: TSchema, texts: Texts): Texts {
  const { properties = {} } = schema as {
    readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
  };
  const entries = Object.entries(texts).map(([name, text]) => {
    const type = Object.hasOwn(properties, name) ? properties[name]?.type : undefined;
    return [name, typeof text === 'string' ? convertText(type, text) : text] as const;
  });
  return Object.fromEntries(entries);
}

function convertText(type: string | undefined, text: string): unknown {
  if (type === 'boolean') return booleans[text] ?? text;
  return (type === 'number' || type === 'integer') && decimal.test(text) ? Number(text) : text;
}
