/** POST /api/v1/influxdb/replay: send the database behind the hub again what the journal still has. */
import Type from 'typebox';
import { RequestError } from '#contract/errors.ts';
import { principalOf } from '../guard.ts';
import type { Routes } from '../parts.ts';

const Answer = Type.Object({
  readings: Type.Integer({ description: 'How many readings and events the journal has.' }),
});

export const replayRoutes: Routes = (app, { replay, audit, clock }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/influxdb/replay',
    schema: {
      summary: 'Send InfluxDB the last readings again',
      description:
        'Everything that the journal still has: what waits, and what the database took in the last ten minutes, up to ' +
        '256 MiB. For a database that came back without its latest writes. A reading that it has already stays one, so ' +
        'this may be done at any time and again.',
      tags: ['operation'],
      response: { 202: Answer },
    },
    config: { permission: 'hub:manage' },
    handler: async (request, reply) => {
      if (replay === undefined)
        throw new RequestError(409, 'no-database', 'There is no InfluxDB behind this hub: set influx.url.');
      const { id: principal } = principalOf(request);
      const entry = { principal, address: request.ip, action: 'influxdb:replay', target: 'hub' };
      const readings = await replay();
      await audit.append({ at: clock.nowUs() / 1000, ...entry, outcome: `${readings} readings` });
      return reply.code(202).send({ readings });
    },
  });
};
