/** The session of a browser: logging in by code or token, who am I, logging out. */
import Type from 'typebox';
import { grants, type Principal } from '#contract/access.ts';
import { RequestError } from '#contract/errors.ts';
import { principalOf } from '../guard.ts';
import type { Routes } from '../parts.ts';
import { withoutUndefined } from '../query.ts';
import { WhoAmI } from '../schemas.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from '../session-cookie.ts';

const path = '/api/v1/session';
const tags = ['access'];
const secret = Type.String({ minLength: 1, maxLength: 128 });
const Credential = Type.Union([
  Type.Object({ code: secret }, { additionalProperties: false }),
  Type.Object({ token: secret }, { additionalProperties: false }),
]);
/** Per address. A secret has 256 bits: this is against noise, not against guessing. */
const attemptsPerMinute = 20;
const minuteMs = 60_000;

export const sessionRoutes: Routes = (app, { access, audit, clock }) => {
  app.route({
    method: 'POST',
    url: path,
    schema: { summary: 'Log in', tags, body: Credential, response: { 200: WhoAmI } },
    config: { permission: 'public', rateLimit: { max: attemptsPerMinute, timeWindow: minuteMs } },
    handler: async (request, reply) => {
      const login = await access.login(request.body, request.ip);
      const nowMs = clock.nowUs() / 1000;
      if (login === undefined) {
        const refused = {
          principal: 'nobody',
          action: 'session:create',
          target: 'session',
          outcome: 'refused',
        };
        await audit.append({ at: nowMs, address: request.ip, ...refused });
        throw new RequestError(401, 'wrong-credential', 'This code or token is wrong, used or expired.');
      }
      const { expiresAt = nowMs } = login.principal;
      setSessionCookie(request, reply, login.secret, expiresAt - nowMs);
      return whoAmI(login.principal);
    },
  });

  app.route({
    method: 'GET',
    url: path,
    schema: { summary: 'Who am I, and what may I do', tags, response: { 200: WhoAmI } },
    config: { permission: 'signed-in' },
    handler: async (request) => whoAmI(principalOf(request)),
  });

  app.route({
    method: 'PUT',
    url: path,
    schema: {
      summary: 'Put off the end of the session',
      description: 'Its live connections stay. The cookie comes again with its new age.',
      tags,
      response: { 200: WhoAmI },
    },
    config: { permission: 'signed-in' },
    handler: async (request, reply) => {
      const session = readSessionCookie(request);
      const principal = session === undefined ? undefined : await access.renew(session);
      if (session === undefined || principal === undefined)
        throw new RequestError(401, 'not-authenticated', 'There is no session (any more).');
      const nowMs = clock.nowUs() / 1000;
      setSessionCookie(request, reply, session, (principal.expiresAt ?? nowMs) - nowMs);
      return whoAmI(principal);
    },
  });

  app.route({
    method: 'DELETE',
    url: path,
    schema: { summary: 'Log out', tags, response: { 204: Type.Null({ description: 'Logged out.' }) } },
    config: { permission: 'public' },
    handler: async (request, reply) => {
      const session = readSessionCookie(request);
      if (session !== undefined) await access.logout(session);
      clearSessionCookie(request, reply);
      return reply.code(204).send();
    },
  });
};

function whoAmI({ name, role, groups, device, expiresAt }: Principal): Type.Static<typeof WhoAmI> {
  const fields = { name, role, groups: groups === '*' ? groups : [...groups], device, expiresAt };
  return withoutUndefined({ ...fields, actions: [...grants[role]] });
}
