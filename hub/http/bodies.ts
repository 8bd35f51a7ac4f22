/** Request bodies and what a route may assume of them. */
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { parseJson } from '#contract/formats/json.ts';
import type { App } from './parts.ts';

/**
 * Only JSON, parsed by the rules of our formats: nothing is rounded, nothing nests without end. A body is checked
 * as it is, never coerced: a reading `null` must not become 0. Texts of the path and the query are converted.
 */
export function installBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) =>
      body.length === 0 ? undefined : parseJson(body.toString('utf8')),
  );
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  // Answers leave as they are: serialisers made from schemas drop and coerce what does not fit.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
}

/** For routes that decode the bytes themselves: their body schema is documentation. */
export const bodyUnchecked: FastifySchemaCompiler<TSchema> = (route) =>
  route.httpPart === 'body' ? () => true : TypeBoxValidatorCompiler(route);
