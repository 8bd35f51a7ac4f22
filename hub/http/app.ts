/**
 * The Fastify application: what every request passes on its way to a route. Order matters: headers, then the guard,
 * then the routes, so that nothing is reachable unguarded.
 */
import { createServer, type Server } from 'node:http';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import fastify from 'fastify';
import { RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import { installAudit } from './audited.ts';
import { installBodies } from './bodies.ts';
import { installGuard } from './guard.ts';
import { bareHeaders, installHeaders } from './headers.ts';
import { installIdempotency } from './idempotency.ts';
import { installOpenApi } from './openapi.ts';
import type { App, HttpParts, HttpTimeouts, Routes } from './parts.ts';
import { createErrorHandler, notFound } from './problem.ts';

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
  app.setNotFoundHandler(() => {
    throw notFound();
  });
  installBodies(app);
  installHeaders(app);
  await app.register(cookie);
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
  app.addHook('onResponse', (_request, reply, done) => {
    parts.counters.count('http.answers', classes[Math.floor(reply.statusCode / 100)] ?? 'other');
    done();
  });
  for (const add of routes) add(app, parts);
  await app.ready();
  return app;
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
