/** The OpenAPI document and a page that shows it. Public: it describes the program, not this hub. */
import { docsStyle, renderDocs, type OpenApiDocument } from '../docs-page.ts';
import type { Routes } from '../parts.ts';

const hidden = { schema: { hide: true }, config: { permission: 'public' } } as const;

export const docsRoutes: Routes = (app) => {
  app.get('/api/v1/openapi.json', hidden, async () => app.swagger());
  app.get('/docs', hidden, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(renderDocs(app.swagger() as OpenApiDocument)),
  );
  app.get('/docs/style.css', hidden, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(docsStyle),
  );
};
