/** The OpenAPI and AsyncAPI documents and a page that shows them. Public: they describe the program, not this hub. */
import { asyncApi } from '../asyncapi.ts';
import { docsStyle, renderDocs, type OpenApiDocument } from '../docs-page.ts';
import type { Routes } from '../parts.ts';

const hidden = { schema: { hide: true }, config: { permission: 'public' } } as const;
const page = { schema: { hide: true }, config: { permission: 'public', page: true } } as const;

export const docsRoutes: Routes = (app, { version }) => {
  const messages = asyncApi(version);
  app.get('/api/v1/openapi.json', hidden, async () => app.swagger());
  app.get('/api/v1/asyncapi.json', hidden, async () => messages);
  app.get('/docs', page, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(renderDocs(app.swagger() as OpenApiDocument, messages)),
  );
  app.get('/docs/style.css', page, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(docsStyle),
  );
};
