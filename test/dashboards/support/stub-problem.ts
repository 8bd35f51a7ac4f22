/** How the stub hub says no: RFC 9457. */
import type { FastifyReply } from 'fastify';

export async function problem(
  reply: FastifyReply,
  status: number,
  code: string,
  detail = 'Log in first.',
): Promise<FastifyReply> {
  void reply.code(status).type('application/problem+json');
  return await reply.send({ status, code, title: 'The hub says no.', detail });
}
