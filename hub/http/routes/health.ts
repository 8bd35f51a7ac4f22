/**
 * For supervisors and load balancers: /livez = the process answers, /readyz = it takes deliveries, with the state of
 * each part. The body is `application/health+json` (draft-inadarei-api-health-check-06 §3): it names parts, and neither
 * addresses nor reasons, because everybody may read it; those are in `/api/v1/status`.
 */
import Type from 'typebox';
import type { DiskState, DiskStatus, EdgeStatus, HubStatus, SpoolStatus } from '#contract/status.ts';
import type { Routes } from '../parts.ts';

const Verdict = Type.Enum(['pass', 'warn', 'fail']);
const Check = Type.Object({
  status: Verdict,
  observedValue: Type.Optional(Type.Number()),
  observedUnit: Type.Optional(Type.String()),
});
const Health = Type.Object({
  status: Verdict,
  version: Type.Optional(Type.String()),
  checks: Type.Optional(Type.Record(Type.String(), Type.Array(Check))),
});
const tags = ['operation'];
const mediaType = 'application/health+json';
const spoolWarnShare = 0.7;

type Verdict = 'pass' | 'warn' | 'fail';
type Check = Type.Static<typeof Check>;

const edgeVerdicts: Readonly<Record<EdgeStatus['state'], Verdict>> = {
  up: 'pass',
  starting: 'warn',
  degraded: 'warn',
  down: 'fail',
  stopped: 'fail',
};

const diskVerdicts: Readonly<Record<DiskState, Verdict>> = {
  enough: 'pass',
  low: 'warn',
  short: 'warn',
  full: 'fail',
};

export const healthRoutes: Routes = (app, { ready, status, version }) => {
  app.route({
    method: 'GET',
    url: '/livez',
    schema: { summary: 'Alive', tags, response: { 200: Health } },
    config: { permission: 'public' },
    handler: async (_request, reply) => {
      reply.type(mediaType);
      return { status: 'pass' };
    },
  });

  app.route({
    method: 'GET',
    url: '/readyz',
    schema: { summary: 'Ready', tags, response: { 200: Health, 503: Health } },
    config: { permission: 'public' },
    handler: async (_request, reply) => {
      reply.type(mediaType);
      if (!ready()) return reply.code(503).send({ status: 'fail', version });
      const checks = checksOf(await status());
      // A part that is away makes a warning, not a refusal: deliveries are still taken and kept.
      const isWell = Object.values(checks).every(([check]) => check?.status === 'pass');
      return { status: isWell ? 'pass' : 'warn', version, checks };
    },
  });
};

function checksOf({ edges, starts, store }: HubStatus): Readonly<Record<string, readonly Check[]>> {
  return {
    starts: [{ status: starts.looping ? 'warn' : 'pass' }],
    store: [{ status: store.failing === undefined ? 'pass' : 'fail' }],
    ...(store.disk !== undefined && { 'disk:free': [diskCheck(store.disk)] }),
    ...(store.spool !== undefined && { 'spool:age': [spoolCheck(store.spool)] }),
    ...Object.fromEntries(edges.map(({ name, state }) => [name, [{ status: edgeVerdicts[state] }]])),
  };
}

function diskCheck({ state, freeBytes }: DiskStatus): Check {
  return { status: diskVerdicts[state], observedValue: freeBytes, observedUnit: 'B' };
}

/** What waits for the database: a warning long before senders are told to wait, too. */
function spoolCheck({ bytes, maxBytes, ageSeconds }: SpoolStatus): Check {
  const status = bytes > maxBytes ? 'fail' : bytes > maxBytes * spoolWarnShare ? 'warn' : 'pass';
  return { status, observedValue: ageSeconds, observedUnit: 's' };
}
