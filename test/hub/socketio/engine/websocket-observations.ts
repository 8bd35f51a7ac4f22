/** What to compare over WebSocket and of cross-origin answers: a name, the options, and what to look at. */
import { once } from 'node:events';
import type { ComparedServer, Observation } from './compared-servers.ts';

type Observations = Record<string, Observation>;
type OriginAnswer = (error: Error | null, origin?: boolean) => void;

const corsOptions: Record<string, unknown> = {
  'any origin': { origin: '*' },
  'the request’s origin': true,
  'one origin': { origin: 'http://a.example' },
  'several origins': { origin: ['http://a.example', /b\.example$/], credentials: true },
  'a pattern': { origin: /a\.ex/ },
  'no origin': { origin: false },
  'a function': {
    origin: (origin: string, answer: OriginAnswer) => answer(null, origin === 'http://a.example'),
  },
  'a function that fails': { origin: (_origin: string, answer: OriginAnswer) => answer(new Error('no')) },
  'a delegate': (_request: unknown, answer: (error: null, options: object) => void) =>
    answer(null, { origin: true }),
  everything: {
    origin: 'http://a.example',
    methods: ['GET', 'PUT'],
    allowedHeaders: ['x-a', 'x-b'],
    exposedHeaders: ['e'],
    credentials: true,
    maxAge: 12,
    optionsSuccessStatus: 200,
  },
  'preflights passed on': { origin: '*', preflightContinue: true },
};

const cors: Observations = Object.fromEntries(
  Object.entries(corsOptions).map(([name, options]) => [
    `cors: ${name}`,
    {
      options: { cors: options },
      observe: async (server: ComparedServer) => {
        const answers: unknown[] = [];
        for (const origin of ['http://a.example', 'http://x.b.example', undefined]) {
          const headers = origin ? { origin, 'access-control-request-headers': 'x-q' } : {};
          for (const method of ['GET', 'OPTIONS']) {
            answers.push(await server.ask({ method, path: server.path(), headers }));
          }
        }
        const path = server.path({ transport: 'websocket' });
        const switched = await server.upgrade(path, 'Origin: http://a.example\r\n');
        return [...answers, switched.split('\r\n\r\n')[0]];
      },
    },
  ]),
);

function upgrade(query: Record<string, string>, options: object = {}, version = '13'): Observation {
  return {
    options,
    observe: (server) => server.upgrade(server.path({ transport: 'websocket', ...query }), '', version),
  };
}

const refusals: Observations = {
  'no upgrades offered': { options: { allowUpgrades: false }, observe: (server) => server.get() },
  'an upgrade to no transport': upgrade({ transport: 'tobi' }),
  'an upgrade of no session': upgrade({ sid: '__proto__' }),
  'an upgrade that allowRequest refuses': upgrade(
    {},
    { allowRequest: (_: unknown, answer: (m: string, ok: boolean) => void) => answer('not you', false) },
  ),
  'an upgrade with EIO=3': upgrade({ EIO: '3' }),
  'an upgrade to polling': upgrade({ transport: 'polling' }),
  'an upgrade of another version': upgrade({}, {}, '7'),
  'an upgrade where WebSocket is not served': upgrade({}, { transports: ['polling'] }),
  'an upgrade without a key': {
    observe: (server) =>
      server.exchange(
        `GET ${server.path({ transport: 'websocket' })} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n` +
          'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n',
      ),
  },
  'an upgrade under another path': {
    options: { destroyUpgradeTimeout: 20 },
    observe: (server) => server.upgrade('/other/'),
  },
  'an upgrade whose id cannot be made': {
    observe: (server) => {
      server.engine.generateId = () => Promise.reject(new Error('no id'));
      return server.upgrade(server.path({ transport: 'websocket' }));
    },
  },
  ...Object.fromEntries(
    ['EIO=3&transport=websocket', 'transport=websocket', 'EIO=4&transport=polling'].map((query) => [
      `an upgrade of a session with ${query}`,
      {
        observe: async (server: ComparedServer) =>
          server.upgrade(`/engine.io/?${query}&sid=${(await server.open()).sid}`),
      },
    ]),
  ),
};

/** Sends one frame, then a message that is answered if the connection still lives. */
function frame(text: string): Observation {
  return {
    observe: async (server) => {
      const { client, session } = await server.openWebSocket();
      session.on('message', (data) => data === 'still there?' && session.send('yes'));
      client.socket.send(text);
      client.socket.send('4still there?');
      const frames = await client.received(1);
      return [frames, client.closeCode, client.closeReason];
    },
  };
}

const frames: Observations = {
  ...Object.fromEntries(
    ['abc', '', '2', '1', '0{}', '5', '6', '3', '4é', '4', 'bAAEC', '7', ' 4'].map((text) => [
      `the frame "${text}"`,
      frame(text),
    ]),
  ),
  'a binary message and back': {
    observe: async (server) => {
      const { client, session } = await server.openWebSocket();
      session.on('message', (data) => session.send(data));
      client.socket.send(Buffer.from([1, 2]));
      return client.received(1);
    },
  },
  'a message that is too large': {
    options: { maxHttpBufferSize: 5 },
    observe: async (server) => {
      const { client } = await server.openWebSocket();
      client.socket.send('4aaaaaaaaaaa');
      await client.closed;
      return [client.closeCode, client.closeReason];
    },
  },
  'what is sent before a close': {
    observe: async (server) => {
      const { client, session } = await server.openWebSocket();
      session.send('x');
      session.send('y');
      session.close();
      await client.closed;
      return [client.frames, client.closeCode, client.closeReason];
    },
  },
  'the engine closing': {
    observe: async (server) => {
      const { client } = await server.openWebSocket();
      server.engine.close();
      await client.closed;
      return [client.closeCode, await server.upgrade(server.path({ transport: 'websocket' }))];
    },
  },
  'no pong': {
    options: { pingInterval: 20, pingTimeout: 20 },
    observe: async (server) => {
      const client = server.webSocket({}, { autoPong: false });
      await client.closed;
      return [client.frames, client.closeCode];
    },
  },
  'headers of an upgrade': {
    options: { cookie: true },
    observe: async (server) => {
      server.engine.on('initial_headers', (headers: Record<string, string>) => (headers['a'] = '1'));
      server.engine.on('headers', (headers: Record<string, string>) => (headers['b'] = '2'));
      return (await server.upgrade(server.path({ transport: 'websocket' }))).split('\r\n\r\n')[0];
    },
  },
};

async function probed(server: ComparedServer) {
  const { sid, session } = await server.open();
  const client = server.webSocket({ sid });
  await client.opened();
  client.socket.send('2probe');
  await client.received(1);
  return { sid, session, client };
}

const upgrades: Observations = {
  'an upgrade, and what may not follow it': {
    observe: async (server) => {
      const { sid, session } = await server.open();
      const poll = await server.pendingPoll(sid);
      const client = server.webSocket({ sid });
      await client.opened();
      client.socket.send('2probe');
      await client.received(1);
      const released = await poll.answer;
      session.send('meanwhile');
      client.socket.send('5');
      await client.received(2);
      session.send('after');
      await client.received(3);
      const second = server.webSocket({ sid });
      await second.closed;
      return [released, client.frames, await server.get({ sid }), second.closeCode];
    },
  },
  'an upgrade while a poll waits': {
    observe: async (server) => {
      const { sid, client } = await probed(server);
      const poll = await server.pendingPoll(sid);
      client.socket.send('5');
      return [await poll.answer, client.frames];
    },
  },
  'an upgrade without a probe': {
    observe: async (server) => {
      const { sid, session } = await server.open();
      const client = server.webSocket({ sid });
      await client.opened();
      const upgraded = once(session, 'upgrade');
      client.socket.send('5');
      await upgraded;
      session.send('x');
      return client.received(1);
    },
  },
  'a message instead of a probe': {
    observe: async (server) => {
      const { sid, session } = await server.open();
      const client = server.webSocket({ sid });
      await client.opened();
      client.socket.send('4x');
      await client.closed;
      session.send('still here');
      return [client.frames, client.closeCode, await server.get({ sid })];
    },
  },
  'two probes': {
    observe: async (server) => {
      const { sid, session, client } = await probed(server);
      const second = server.webSocket({ sid });
      await second.closed;
      const upgraded = once(session, 'upgrade');
      client.socket.send('5');
      await upgraded;
      session.send('z');
      return [await client.received(2), second.closeCode];
    },
  },
  'an upgrade that is not finished': {
    options: { upgradeTimeout: 20 },
    observe: async (server) => {
      const { sid, session } = await server.open();
      const client = server.webSocket({ sid });
      await client.closed;
      session.send('still here');
      return [client.closeCode, await server.get({ sid })];
    },
  },
  'a session that closes during its upgrade': {
    observe: async (server) => {
      const { session, client } = await probed(server);
      session.close(true);
      await client.closed;
      return [client.frames, client.closeCode];
    },
  },
  'compression where both agree': {
    options: { perMessageDeflate: true },
    observe: async (server) => {
      const { client, session } = await server.openWebSocket({ perMessageDeflate: true });
      session.send('a'.repeat(5000));
      return [await client.received(1), client.socket.extensions];
    },
  },
};

export const webSocketObservations: Observations = { ...cors, ...refusals, ...frames, ...upgrades };
