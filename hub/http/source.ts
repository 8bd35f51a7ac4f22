/** Where a delivery came from, as the journal and the quarantine remember it. */
import type { FastifyRequest } from 'fastify';
import type { Source } from '#ports';
import { principalOf } from './guard.ts';

export function sourceOf(request: FastifyRequest): Source {
  return { edge: 'http', principal: principalOf(request).id, address: request.ip };
}
