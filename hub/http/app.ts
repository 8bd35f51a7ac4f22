/**
 * The Fastify application: what every request passes on its way to a route. Order matters: headers, then the guard,
 * then the routes, so that nothing is reachable unguarded.
 */
import { createServer, type Server } from 'node:http';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyContextConfig } from 'fastify';
import { RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import { installAudit } from './audited.ts';
import { installBodies } from './bodies.ts';
import { installGuard } from './guard.ts';
import { bareHeaders, installHeaders } from './headers.ts';
import { installIdempotency } from './idempotency.ts';
import { installOpenApi } from './openapi.ts';
import { installMethods } from './methods.ts';
import type { App, HttpParts, HttpTimeouts, Routes } from './parts.ts';
import { createErrorHandler } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What its route declares. `routeOptions` has it too, made anew each time that somebody asks. */
    config: FastifyContextConfig;
  }
}

const maxHeaderBytes = 16 * 1024;
const rememberedAddresses = 5000;
/** Fastify's, and the edge's own that tells keep-alive clients to go. */
const ownListeners = 2;
const classes = ['other', '1xx', '2xx', '3xx', '4xx', '5xx'];

export async function buildApp(
  parts: HttpParts,
  timeouts: HttpTimeouts,
  routes: readonly Routes[],
): Promise<App> {
  const handleError = createErrorHandler(parts);
  const app: App = fastify({
    serverFactory: (handle) => listenTo(handle, timeouts),
    bodyLimit: limits.httpBodyBytes,
    routerOptions: { maxParamLength: limits.idChars },
    frameworkErrors: (error, request, reply) => handleError(error, request, reply.headers(bareHeaders)),
    forceCloseConnections: false,
    logger: false,
  });
  app.setErrorHandler(handleError);
  installMethods(app);
  keepConfig(app);
  installBodies(app);
  installHeaders(app);
  await app.register(cookie, { hook: false });
  await app.register(rateLimit, {
    global: false,
    cache: rememberedAddresses,
    errorResponseBuilder: () =>
      new RequestError(429, 'too-many-attempts', 'Too many attempts: wait a minute.'),
  });
  await installOpenApi(app, parts.version);
  installGuard(app, parts);
  installIdempotency(app, parts);
  installAudit(app, parts);
  countAnswers(app, parts);
  for (const add of routes) add(app, parts);
  await app.ready();
  return app;
}

function keepConfig(app: App): void {
  app.decorateRequest('config');
  app.addHook('onRequest', (request, _reply, done) => {
    request.config = request.routeOptions.config;
    done();
  });
}

/** As they leave: after it has left, an answer would need listeners of its own. */
function countAnswers(app: App, { counters }: Pick<HttpParts, 'counters'>): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    counters.count('http.answers', classes[Math.floor(reply.statusCode / 100)] ?? 'other');
    done(null, payload);
  });
}

/** Fastify leaves these open: without all of them a client that trickles holds its connection for ever. */
function listenTo(handle: Parameters<typeof createServer>[1] & object, timeouts: HttpTimeouts): Server {
  const server = createServer(
    {
      requestTimeout: timeouts.requestMs,
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkMs,
      keepAliveTimeout: timeouts.keepAliveMs,
      maxHeaderSize: maxHeaderBytes,
    },
    (request, response) => {
      // A listener that is not ours (the Socket.IO server) answers these, if there is one.
      if (server.listenerCount('request') > ownListeners && request.url?.startsWith('/socket.io/') === true)
        return;
      handle(request, response);
    },
  );
  server.maxConnections = limits.httpConnections;
  return server;
}
