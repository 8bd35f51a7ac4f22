/** What to compare over HTTP: a name, the options, and what to look at. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ComparedServer, Observation, Query } from './compared-servers.ts';

type Next = (error?: unknown) => void;
type Observations = Record<string, Observation>;

function get(query: Query, options: object = {}, headers: Record<string, string> = {}): Observation {
  return { options, observe: (server) => server.get(query, headers) };
}

const handshakes: Observations = {
  'the handshake': get({}),
  'the handshake with a cookie': get({}, { cookie: true }),
  'the handshake with all of a cookie': get(
    {},
    {
      cookie: {
        name: 'x',
        path: '/p',
        httpOnly: false,
        sameSite: 'strict',
        secure: true,
        maxAge: 5,
        domain: 'e.org',
      },
    },
  ),
  'a cookie without a path': get({}, { cookie: { path: false } }),
  'the handshake with an initial packet': get({}, { initialPacket: 'hello' }),
  'the handshake of an old Internet Explorer': get(
    {},
    {},
    { 'user-agent': 'Mozilla/5.0 (Trident/7.0; rv:11.0)' },
  ),
  'a query with __proto__': get(JSON.parse('{"__proto__":"1"}') as Query),
};

const refusals: Observations = {
  'no transport': { observe: (server) => server.ask({ path: '/engine.io/' }) },
  ...Object.fromEntries(
    ['tobi', '__proto__', 'constructor', 'webtransport'].map((transport) => [
      `the transport ${transport}`,
      get({ transport }, { transports: ['polling', 'websocket', 'webtransport'] }),
    ]),
  ),
  ...Object.fromEntries(
    ['x', '', '__proto__', 'constructor'].map((sid) => [`the session id "${sid}"`, get({ sid })]),
  ),
  ...Object.fromEntries(
    ['POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'].map((method) => [
      `a handshake by ${method}`,
      { observe: (server: ComparedServer) => server.ask({ method, path: server.path() }) },
    ]),
  ),
  ...Object.fromEntries(['3', '5', ''].map((EIO) => [`EIO=${EIO}`, get({ EIO })])),
  'no EIO': { observe: (server) => server.ask({ path: '/engine.io/?transport=polling' }) },
  'a WebSocket handshake without an upgrade': get({ transport: 'websocket' }),
  'a poll without EIO': {
    observe: async (server) => {
      const { sid } = await server.open();
      return server.ask({ path: `/engine.io/?transport=polling&sid=${sid}` });
    },
  },
  'a poll of another transport': {
    observe: async (server) => server.get({ transport: 'websocket', sid: (await server.open()).sid }),
  },
  'an id that cannot be made': {
    observe: (server) => {
      server.engine.generateId = () => Promise.reject(new Error('no id'));
      return server.get();
    },
  },
  ...Object.fromEntries(
    ['not you', null].map((message) => [
      `allowRequest saying ${message}`,
      get(
        {},
        { allowRequest: (_: unknown, answer: (m: unknown, ok: boolean) => void) => answer(message, false) },
      ),
    ]),
  ),
};

const paths: Observations = {
  'something after the path': {
    observe: (server) => server.ask({ path: '/engine.io/more?EIO=4&transport=polling' }),
  },
  'the path without its slash': {
    observe: (server) => server.ask({ path: '/engine.io?EIO=4&transport=polling' }),
  },
  'a path of its own': {
    options: { path: '/mine/' },
    observe: (server) => server.ask({ path: '/mine/?EIO=4&transport=polling' }),
  },
  'no trailing slash': {
    options: { addTrailingSlash: false },
    observe: (server) => server.ask({ path: '/engine.iosomething?EIO=4&transport=polling' }),
  },
};

function use(
  middleware: (request: IncomingMessage, response: ServerResponse, next: Next) => unknown,
): Observation {
  return {
    observe: async (server) => {
      server.engine.use(middleware);
      return [
        await server.get(),
        (await server.upgrade(server.path({ transport: 'websocket' }))).split('\r\n\r\n')[0],
      ];
    },
  };
}

const middlewares: Observations = {
  'middleware that adds a header and calls next twice': use((_request, response, next) => {
    response.setHeader('X-Foo', 'bar');
    next();
    next();
  }),
  'middleware with an error': use((_request, _response, next) => next(new Error('no'))),
  'middleware that throws': use(() => {
    throw new Error('no');
  }),
  'middleware that rejects': use(() => Promise.reject(new Error('no'))),
  'middleware that answers itself': use((_request, response) =>
    response.writeHead(503, { a: 'b' }).end('later'),
  ),
};

function post(body: string, headers: Record<string, string> = {}, options: object = {}): Observation {
  return {
    options,
    observe: async (server) => {
      const { sid } = await server.open();
      const answer = await server.post(sid, body, headers);
      return [answer, await server.post(sid, '6')];
    },
  };
}

const posts: Observations = {
  'a text and a binary message': post('4hé\u001ebAAEC'),
  'an empty message': post('4'),
  'packets that mean nothing here': post('0{}\u001e3\u001e5\u001e6'),
  'base64 that is none': post('b!!!!'),
  'a ping of the client': post('2'),
  'a packet of no type': post('4a\u001eabc\u001e4b'),
  'an empty body': post(''),
  'a binary body': post('4a', { 'content-type': 'application/octet-stream' }),
  'a body that is too large': post('4aaaaaaaaaaaa', {}, { maxHttpBufferSize: 5 }),
  ...Object.fromEntries(
    ['PUT', 'DELETE', 'OPTIONS'].map((method) => [
      `${method} with a session`,
      {
        observe: async (server: ComparedServer) =>
          server.ask({ method, path: server.path({ sid: (await server.open()).sid }) }),
      },
    ]),
  ),
  'a goodbye while a poll waits': {
    observe: async (server) => {
      const { sid } = await server.open();
      const poll = await server.pendingPoll(sid);
      return [await server.post(sid, '1'), await poll.answer, await server.get({ sid })];
    },
  },
  'a second POST while the first is under way': {
    observe: async (server) => {
      const { sid, session } = await server.open();
      const closed = once(session, 'close');
      const head = (length: number): string =>
        `POST ${server.path({ sid })} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n4a`;
      const both = await Promise.all([server.exchange(head(10)), server.exchange(head(10))]);
      await closed;
      return [
        both.map((answer) => answer.slice(0, 12)).toSorted((a, b) => a.localeCompare(b)),
        await server.get({ sid }),
      ];
    },
  },
  'a POST that is cut': {
    observe: async (server) => {
      const { sid, session } = await server.open();
      const closed = once(session, 'close');
      await server.cut(`POST ${server.path({ sid })} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n4a`);
      await closed;
      return server.get({ sid });
    },
  },
};

const polls: Observations = {
  'several messages in one answer': {
    observe: async (server) => {
      const { sid, session } = await server.open();
      for (const data of ['a', Buffer.from([1, 2, 3]), 'é', null, 5]) session.send(data);
      return server.get({ sid });
    },
  },
  'a second poll while the first waits': {
    observe: async (server) => {
      const { sid } = await server.open();
      const first = await server.pendingPoll(sid);
      const second = await server.get({ sid });
      return [await first.answer, second, await server.get({ sid })];
    },
  },
  'a poll that is cut': {
    observe: async (server) => {
      const { sid, session } = await server.open();
      const closed = once(session, 'close');
      await server.cut(`GET ${server.path({ sid })} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await closed;
      return server.get({ sid });
    },
  },
  'a close while a poll waits': {
    observe: async (server) => {
      const { sid, session } = await server.open();
      const poll = await server.pendingPoll(sid);
      session.close();
      return poll.answer;
    },
  },
  'a close before the next poll': {
    observe: async (server) => {
      const { sid, session } = await server.open();
      session.close();
      return [session.readyState, await server.get({ sid })];
    },
  },
  'a close with something to send': {
    observe: async (server) => {
      const { sid, session } = await server.open();
      session.send('last');
      session.close();
      return [session.readyState, await server.get({ sid }), await server.get({ sid })];
    },
  },
  'a close that discards': {
    observe: async (server) => {
      const { sid, session } = await server.open();
      session.send('last');
      session.close(true);
      return [session.readyState, await server.get({ sid })];
    },
  },
  'a ping, and no pong': {
    options: { pingInterval: 20, pingTimeout: 500 },
    observe: async (server) => {
      const { sid } = await server.open();
      return [await server.get({ sid }), await server.get({ sid })];
    },
  },
};

function compressed(
  acceptEncoding: string,
  sendOptions: { compress?: boolean } = {},
  length = 2000,
): Observation {
  return {
    observe: async (server) => {
      const { sid, session } = await server.open();
      session.send('a'.repeat(length), sendOptions);
      const { status, headers } = await server.get({ sid }, { 'accept-encoding': acceptEncoding });
      return { status, headers };
    },
  };
}

const compression: Observations = {
  ...Object.fromEntries(
    [
      'gzip, deflate',
      'deflate, gzip',
      'gzip;q=0.1, deflate;q=0.9',
      'gzip;q=0',
      '*',
      'identity',
      'br',
      '',
    ].map((accepted) => [`a long answer to a client that accepts "${accepted}"`, compressed(accepted)]),
  ),
  'a short answer': compressed('gzip', {}, 20),
  'compress: false': compressed('gzip', { compress: false }),
};

export const httpObservations: Observations = {
  ...handshakes,
  ...refusals,
  ...paths,
  ...middlewares,
  ...posts,
  ...polls,
  ...compression,
};
