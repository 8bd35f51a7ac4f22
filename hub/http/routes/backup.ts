/** GET /api/v1/backup: everything the hub remembers, as one file. */
import { Readable } from 'node:stream';
import Type from 'typebox';
import type { Routes } from '../parts.ts';

export const backupRoutes: Routes = (app, { backups, clock }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/backup',
    // A HEAD would make a backup for nothing.
    exposeHeadRoute: false,
    schema: {
      summary: 'A backup of everything',
      description:
        'The database as it is at one instant, while the hub goes on: readings, devices, commands, tokens. To restore, ' +
        'stop the hub and put the file in the place of `signalbox.db` in an empty data folder. Keep it as you keep ' +
        'passwords.',
      tags: ['operation'],
      response: {
        200: {
          description: 'An SQLite database',
          content: { 'application/vnd.sqlite3': { schema: Type.String({ format: 'binary' }) } },
        },
      },
    },
    config: { permission: 'hub:manage' },
    handler: async (_request, reply) => {
      const { bytes, content } = await backups.backup();
      const day = new Date(clock.nowUs() / 1000).toISOString().slice(0, 10);
      reply.header('content-length', bytes);
      reply.header('content-disposition', `attachment; filename="signalbox-${day}.db"`);
      return reply.type('application/vnd.sqlite3').send(Readable.from(content, { objectMode: false }));
    },
  });
};
