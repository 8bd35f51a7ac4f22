/** GET /ping and /health: what clients of InfluxDB ask before they write. */
import Type from 'typebox';
import type { Routes } from '../parts.ts';

/** Whose write API this is compatible with: clients choose their ways by it. */
const influxVersion = 'v2.7.0';
const tags = ['influxdb'];
const Health = Type.Object({
  name: Type.String(),
  message: Type.String(),
  status: Type.Enum(['pass', 'fail']),
  version: Type.String(),
});

export const influxHealthRoutes: Routes = (app, { ready, version }) => {
  app.route({
    method: 'GET',
    url: '/ping',
    schema: { summary: 'Ping as of InfluxDB', tags, response: { 204: Type.Null({ description: 'Alive.' }) } },
    config: { permission: 'public' },
    handler: async (_request, reply) =>
      reply
        .headers({ 'x-influxdb-version': influxVersion, 'x-influxdb-build': `signalbox-${version}` })
        .code(204)
        .send(),
  });

  app.route({
    method: 'GET',
    url: '/health',
    schema: { summary: 'Health as of InfluxDB', tags, response: { 200: Health, 503: Health } },
    config: { permission: 'public' },
    handler: async (_request, reply) =>
      ready()
        ? { name: 'signalbox', message: 'ready for writes', status: 'pass', version }
        : reply.code(503).send({ name: 'signalbox', message: 'not ready', status: 'fail', version }),
  });
};
