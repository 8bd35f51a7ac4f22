/** GET /metrics: what Prometheus reads, with the token of a viewer of the whole hub as its bearer token. */
import Type from 'typebox';
import type { Routes } from '../parts.ts';

export const metricsRoutes: Routes = (app, { metrics }) => {
  app.route({
    method: 'GET',
    url: '/metrics',
    schema: {
      summary: 'Figures for Prometheus',
      description: 'Text exposition format 0.0.4.',
      tags: ['operation'],
      response: { 200: Type.String() },
    },
    config: { permission: 'hub:read' },
    handler: async (_request, reply) => {
      reply.type(metrics.contentType);
      return await metrics.text();
    },
  });
};
