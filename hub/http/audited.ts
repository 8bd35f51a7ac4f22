/**
 * What an administrator does goes into the audit log before it is answered: who, from where, what, to what, when and
 * with which outcome. An action that cannot be recorded fails.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditEntry } from '#ports';
import type { App, HttpParts } from './parts.ts';
import { pathOf } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The name under which the audit log has what this route does. */
    audit?: string;
  }
}

export function installAudit(app: App, { audit, clock }: Pick<HttpParts, 'audit' | 'clock'>): void {
  // Waits only where something is recorded: for every other request a promise would be work for nothing.
  app.addHook('onSend', (request, reply, payload, done) => {
    const row = rowOf(request, reply);
    if (row === undefined) done(null, payload);
    else void record(row, (error) => (error === undefined ? done(null, payload) : done(error)));
  });

  const record = async (row: AuditEntry, recorded: (error?: Error) => void): Promise<void> => {
    try {
      await audit.append(row);
      recorded();
    } catch (error) {
      recorded(error as Error);
    }
  };

  const rowOf = (request: FastifyRequest, reply: FastifyReply): AuditEntry | undefined => {
    const { audit: action } = request.config;
    if (action === undefined || request.principal === undefined) return undefined;
    // A repeat did nothing, and an answer that says that it could not be recorded is not recorded either.
    if (reply.hasHeader('idempotency-replayed') || reply.statusCode >= 500) return undefined;
    const { statusCode } = reply;
    return {
      at: Math.floor(clock.nowUs() / 1000),
      principal: request.principal.id,
      address: request.ip,
      action,
      target: decodeURI(pathOf(request)).replace(/^\/api\/v1\//, ''),
      outcome: statusCode < 400 ? 'ok' : `refused ${statusCode}`,
    };
  };
}
