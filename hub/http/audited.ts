/**
 * What an administrator does goes into the audit log before it is answered: who, from where, what, to what, when and
 * with which outcome. An action that cannot be recorded fails.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App, HttpParts } from './parts.ts';
import { pathOf } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The name under which the audit log has what this route does. */
    audit?: string;
  }
}

export function installAudit(app: App, { audit, clock }: Pick<HttpParts, 'audit' | 'clock'>): void {
  // Only where something is recorded: for every other request it would be a promise for nothing.
  app.addHook('onRoute', (route) => {
    const action = route.config?.audit;
    if (action !== undefined) route.onSend = (request, reply) => record(action, request, reply);
  });

  const record = async (action: string, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (request.principal === undefined) return;
    // A repeat did nothing, and an answer that says that it could not be recorded is not recorded either.
    if (reply.hasHeader('idempotency-replayed') || reply.statusCode >= 500) return;
    const { statusCode } = reply;
    await audit.append({
      at: Math.floor(clock.nowUs() / 1000),
      principal: request.principal.id,
      address: request.ip,
      action,
      target: decodeURI(pathOf(request)).replace(/^\/api\/v1\//, ''),
      outcome: statusCode < 400 ? 'ok' : `refused ${statusCode}`,
    });
  };
}
