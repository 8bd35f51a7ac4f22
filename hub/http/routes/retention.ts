/** How long history is kept: read by who may look at the hub, changed by admins of all of it. */
import Type from 'typebox';
import { RetentionRules } from '#contract/retention-rules.ts';
import type { Routes } from '../parts.ts';

const tags = ['operation'];
const Policy = Type.Object({
  defaultDays: Type.Integer({ description: 'What no rule is about; from the settings.' }),
  rules: RetentionRules,
});
const url = '/api/v1/retention';

export const retentionRoutes: Routes = (app, { retention }) => {
  app.route({
    method: 'GET',
    url,
    schema: { summary: 'How long history is kept', tags, response: { 200: Policy } },
    config: { permission: 'hub:manage' },
    handler: async () => retention.policy(),
  });

  app.route({
    method: 'PUT',
    url,
    schema: {
      summary: 'Change how long history is kept',
      description:
        'The rules as a whole, in order: for a reading the first counts whose `group` and `metric` fit (absent: any; ' +
        '`*` for any run of characters), for events the first with a fitting `group` and no `metric`. `days: null` keeps ' +
        'for ever. What is too old by them is deleted soon after, by whole hours, and cannot be brought back.',
      tags,
      body: Type.Object({ rules: RetentionRules }, { additionalProperties: false }),
      response: { 200: Policy },
    },
    config: { permission: 'hub:manage' },
    handler: async (request) => await retention.change(request.body.rules),
  });
};
