/** The built package: what is in it, how programs of each kind load it, what its types promise. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { io as connect, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Command, removeFolder, runCommand } from '../../support/clone.ts';
import { temporaryFolder } from '../../support/hub-process.ts';
import { promisedNodes } from '../../support/nodes.ts';
import { buildPackage, compile, linkNodeTypes, linkWebSockets } from '../../support/socketio-package.ts';
import type * as SocketIo from '../../../hub/socketio/index.ts';
import type * as EngineIo from '../../../hub/socketio/engine/index.ts';

type Callable = typeof SocketIo & {
  (target: number): SocketIo.Server;
  readonly default: unknown;
};

const program = temporaryFolder();
const built = join(program, 'node_modules/@signalbox/socketio');
const require = createRequire(join(program, 'program.cjs'));

beforeAll(() => {
  linkWebSockets(program);
  linkNodeTypes(program);
  buildPackage(built);
});
afterAll(() => removeFolder(program));

const read = (file: string): string => readFileSync(join(built, file), 'utf8');

describe('The tarball', () => {
  let files: string[];
  beforeAll(async () => {
    const output = await runCommand(`npm pack --dry-run --json "${built}" 2>/dev/null`, program, 60_000);
    const [{ files: packed }] = JSON.parse(output) as [{ files: { path: string }[] }];
    files = packed.map(({ path }) => path);
  });

  test('holds two entries, their types, the client, a README and the licence', () => {
    expect(files.filter((path) => !/^(types|client)\//.test(path)).toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'engine/index.cjs',
      'engine/index.d.cts',
      'engine/index.d.ts',
      'engine/index.js',
      'index.cjs',
      'index.d.cts',
      'index.d.ts',
      'index.js',
      'package.json',
    ]);
    expect(files.filter((path) => path.startsWith('client/') && !path.startsWith('client/dist/'))).toEqual([
      'client/LICENSE',
      'client/package.json',
    ]);
    expect(files.filter((path) => path.startsWith('types/') && !path.endsWith('.d.cts'))).toEqual([]);
  });

  test('its code asks for Node and ws, and for nothing of the hub', () => {
    const asked = ['index.cjs', 'engine/index.cjs'].flatMap((file) =>
      [...read(file).matchAll(/\b(?:require|import)\("([^"]+)"\)/g)].map(([, name]) => name ?? ''),
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => !name.startsWith('node:')).toSorted()).toEqual([
      './engine/index.cjs',
      'ws',
    ]);
  });

  test('its types name no package but Node', () => {
    const named = files
      .filter((path) => path.endsWith('.d.cts'))
      .flatMap((path) => [...read(path).matchAll(/from ['"]([^.'"][^'"]*)['"]/g)].map(([, name]) => name));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !name?.startsWith('node:'))).toEqual([]);
  });

  test('its manifest depends on ws alone and asks for Node 20', () => {
    const manifest = JSON.parse(read('package.json')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      name: '@signalbox/socketio',
      type: 'module',
      engines: { node: '>=20' },
    });
    expect(Object.keys(manifest['dependencies'] as object)).toEqual(['ws']);
    expect(manifest).not.toHaveProperty('peerDependencies');
    expect(manifest).not.toHaveProperty('devDependencies');
  });

  test('its code can be read: names and line breaks are kept', () => {
    for (const file of ['index.cjs', 'engine/index.cjs']) {
      const longest = Math.max(
        ...read(file)
          .split('\n')
          .map(({ length }) => length),
      );
      expect(longest, file).toBeLessThan(400);
    }
    expect(read('engine/index.cjs')).toContain('handleUpgrade(request, socket, head) {');
  });
});

describe('The entries', () => {
  test('a CommonJS program calls the module, or takes the classes from it', async () => {
    const io = require('@signalbox/socketio') as Callable;
    const called = io(0);
    expect(called).toBeInstanceOf(io.Server);
    expect(io.default).toBe(io);
    const { Server, Namespace, Socket, BroadcastOperator, RemoteSocket } = io;
    for (const each of [Server, Namespace, Socket, BroadcastOperator, RemoteSocket])
      expect(each).toBeTypeOf('function');
    expect(called.of('/')).toBeInstanceOf(Namespace);
    await called.close();
  });

  test('an ES module gets the same classes', async () => {
    const io = require('@signalbox/socketio') as Callable;
    const imported = (await import(pathToFileURL(join(built, 'index.js')).href)) as Callable;
    expect(imported.default).toBe(io);
    expect(Object.keys(imported).toSorted()).toEqual(Object.keys(io).toSorted());
    expect(imported.Server).toBe(io.Server);
    const engine = require('@signalbox/socketio/engine') as typeof EngineIo;
    const importedEngine = (await import(
      pathToFileURL(join(built, 'engine/index.js')).href
    )) as typeof EngineIo;
    expect(importedEngine.Server).toBe(engine.Server);
    expect(Object.keys(importedEngine)).toEqual(
      expect.arrayContaining(['Server', 'Socket', 'attach', 'listen', 'protocol']),
    );
  });

  test('the engine alone is the engine below the server', async () => {
    const { Server } = require('@signalbox/socketio') as Callable;
    const engine = require('@signalbox/socketio/engine') as typeof EngineIo;
    const server = new Server(0);
    expect(server.engine).toBeInstanceOf(engine.Server);
    expect(engine.protocol).toBe(4);
    await server.close();
  });

  test('its manifest can be read', () => {
    expect(require('@signalbox/socketio/package.json')).toMatchObject({ name: '@signalbox/socketio' });
  });
});

const typed = `
interface ClientToServer { hello: (name: string, ack: (answer: string) => void) => void }
interface ServerToClient { news: (id: string, count: number) => void }
interface BetweenServers { reload: () => void }
interface SocketData { name: string }
const io = new Server<ClientToServer, ServerToClient, BetweenServers, SocketData>(3000, { cors: { origin: '*' } });
io.on('connection', (socket) => {
  socket.data.name = 'Ada';
  socket.on('hello', (name, ack) => ack(name.trim()));
  socket.emit('news', 'a', 1);
  // @ts-expect-error the name is a text
  socket.data.name = 1;
  // @ts-expect-error clients do not say that
  socket.on('goodbye', () => {});
  // @ts-expect-error the count is a number
  socket.emit('news', 'a', 'b');
  // @ts-expect-error servers tell clients that, not each other
  io.serverSideEmit('news');
});
io.serverSideEmit('reload');
`;

describe('The types', () => {
  test('check events and data in an ES module', () => {
    const code = `
import io0, { Server, type DefaultEventsMap, type Namespace, type ServerOptions, type Socket } from '@signalbox/socketio';
import { Server as Engine, attach, listen, protocol } from '@signalbox/socketio/engine';
${typed}
const called: Server = io0({ path: '/x' } satisfies Partial<ServerOptions>);
const main: Namespace<ClientToServer, ServerToClient, BetweenServers, SocketData> = io.of('/');
const engine: Engine = listen(0, { pingInterval: 1000, perMessageDeflate: { threshold: 10 } });
engine.on('connection', (session) => session.send('hello'));
const four: 4 = protocol;
export { attach, called, four, main, type DefaultEventsMap, type Socket };`;
    writeFileSync(join(program, 'typed.mts'), code);
    expect(compile(program, ['typed.mts'], program)).toBe('');
  });

  test('check events and data in CommonJS, where the module can be called', () => {
    const code = `
import callable = require('@signalbox/socketio');
import { Server, type Socket } from '@signalbox/socketio';
import engine = require('@signalbox/socketio/engine');
${typed}
const called: callable.Server = callable(3000);
called.on('connection', (socket: Socket) => socket.emit('anything', 1));
export = engine.attach;`;
    writeFileSync(join(program, 'typed.cts'), code);
    expect(compile(program, ['typed.cts'], program)).toBe('');
  });
});

const server = `
const { Server } = require('@signalbox/socketio');
const io = new Server(0, { connectionStateRecovery: {}, perMessageDeflate: true, cookie: true, maxRooms: 3, onListenerError() {} });
io.of(/^\\/dynamic-\\d+$/).on('connection', (socket) => socket.emit('welcome', socket.nsp.name));
io.on('connection', (socket) => {
  socket.join(['a', 'b']);
  socket.on('echo', (value, ack) => ack(value));
  socket.on('fail', (ack) => { throw new Error('on purpose'); });
  socket.on('ask all', async (ack) => ack(await io.in('a').except('none').timeout(5000).emitWithAck('asked')));
  socket.on('cut', () => {
    socket.once('disconnect', () => io.to('a').to('b').except('none').emit('missed', 7));
    socket.conn.close();
  });
});
io.httpServer.on('listening', () => console.log(io.httpServer.address()));
`;

function heard(socket: Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => socket.once(event, resolve));
}

async function tellStory(port: string, transports: string[]): Promise<void> {
  const socket = connect(`http://127.0.0.1:${port}`, { transports, forceNew: true, reconnectionDelay: 10 });
  socket.on('asked', (ack: (answer: number) => void) => ack(42));
  await heard(socket, 'connect');
  const { bytes } = (await socket.emitWithAck('echo', { bytes: Buffer.alloc(3000, 7) })) as { bytes: Buffer };
  expect(bytes).toHaveLength(3000);
  expect(await socket.emitWithAck('fail')).toMatchObject({ ok: false });
  expect(await socket.emitWithAck('ask all')).toEqual([42]);
  const { id } = socket;
  const missed = heard(socket, 'missed');
  const again = heard(socket, 'disconnect').then(() => heard(socket, 'connect'));
  socket.emit('cut');
  expect(await missed).toBe(7);
  await again;
  expect(socket).toMatchObject({ id, recovered: true });
  const dynamic = socket.io.socket('/dynamic-5', {});
  expect(await heard(dynamic, 'welcome')).toBe('/dynamic-5');
  dynamic.disconnect();
  socket.disconnect();
}

describe('The code', () => {
  for (const { major, path } of promisedNodes()) {
    test(`runs on Node ${major}: transports, attachments, acknowledgements, recovery, dynamic namespaces`, async () => {
      writeFileSync(join(program, 'server.cjs'), server);
      await using running = new Command(`"${path}" server.cjs`, program);
      const [, port = ''] = await running.prints(/port: (\d+)/, 20_000);
      for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']])
        await tellStory(port, transports);
      expect(running.output).not.toMatch(/error|warning/i);
    });
  }
});
