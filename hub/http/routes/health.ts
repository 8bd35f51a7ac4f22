/** For supervisors and load balancers: /livez = the process answers, /readyz = it takes deliveries. */
import Type from 'typebox';
import type { Routes } from '../parts.ts';

const Health = Type.Object({ status: Type.Enum(['ok', 'not-ready']) });
const tags = ['operation'];

export const healthRoutes: Routes = (app, { ready }) => {
  app.route({
    method: 'GET',
    url: '/livez',
    schema: { summary: 'Alive', tags, response: { 200: Health } },
    config: { permission: 'public' },
    handler: async () => ({ status: 'ok' }),
  });

  app.route({
    method: 'GET',
    url: '/readyz',
    schema: { summary: 'Ready', tags, response: { 200: Health, 503: Health } },
    config: { permission: 'public' },
    handler: async (_request, reply) =>
      ready() ? { status: 'ok' } : reply.code(503).send({ status: 'not-ready' }),
  });
};
