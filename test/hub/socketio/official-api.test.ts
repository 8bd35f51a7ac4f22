/** Every member that the types of npm `socket.io` and `engine.io` declare public is looked for on ours. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerOptions as OfficialOptions } from 'socket.io';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import { RemoteSocket, type ServerOptions, type Socket } from '#socketio';
import { Harness, heard } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

/** What is left out on purpose, and why. */
const omissions: Readonly<Record<string, string>> = {
  'Server.attachApp': 'there is no µWebSockets.js',
  'engine BaseServer.onWebTransportSession': 'there is no WebTransport',
};

/** The classes, and where their packages declare them. */
const classes = [
  { of: 'Server', file: 'socket.io/dist/index.d.ts' },
  { of: 'Namespace', file: 'socket.io/dist/namespace.d.ts' },
  { of: 'ParentNamespace', file: 'socket.io/dist/parent-namespace.d.ts' },
  { of: 'Socket', file: 'socket.io/dist/socket.d.ts' },
  { of: 'BroadcastOperator', file: 'socket.io/dist/broadcast-operator.d.ts' },
  { of: 'RemoteSocket', file: 'socket.io/dist/broadcast-operator.d.ts' },
  { of: 'Client', file: 'socket.io/dist/client.d.ts' },
  { of: 'engine BaseServer', file: 'engine.io/build/server.d.ts' },
  { of: 'engine Server', file: 'engine.io/build/server.d.ts' },
  { of: 'engine Socket', file: 'engine.io/build/socket.d.ts' },
  { of: 'engine Transport', file: 'engine.io/build/transport.d.ts' },
];

const packages = join(dirname(fileURLToPath(import.meta.resolve('socket.io'))), '..');

/** The public members of a class; names that begin with an underscore are internal by convention. */
function publicMembers(file: string, className: string): string[] {
  const text = readFileSync(join(packages, file), 'utf8');
  const start = text.search(new RegExp(`^export declare (?:abstract )?class ${className}\\b`, 'm'));
  const declarations = text.slice(start, text.indexOf('\n}', start)).replaceAll(/\/\*\*[^]*?\*\//g, mark);
  const names = new Set<string>();
  for (const [, isHidden, name] of declarations.matchAll(
    /^ {4}(private |protected |HIDDEN\s+)?(?:abstract |readonly |get |set )*([a-zA-Z]\w*)[(:<;?]/gm,
  )) {
    if (isHidden === undefined && name !== undefined && name !== 'constructor') names.add(name);
  }
  return [...names];
}

/** A comment becomes a word that says whether what follows is to be used. */
function mark(comment: string): string {
  return /@private|@internal/.test(comment) ? 'HIDDEN' : '';
}

/** One of each of our objects. */
async function specimens(): Promise<Record<string, object>> {
  const running = await harness.start();
  const { io } = running;
  const connection = heard(io, 'connection');
  await running.connected();
  const [socket] = (await connection) as [Socket];
  return {
    Server: io,
    Namespace: io.sockets,
    ParentNamespace: io.of(/^\/parent/),
    Socket: socket,
    BroadcastOperator: io.to('room'),
    RemoteSocket: new RemoteSocket(io.sockets.adapter, socket),
    Client: socket.client,
    'engine BaseServer': io.engine,
    'engine Server': io.engine,
    'engine Socket': socket.conn,
    'engine Transport': socket.conn.transport,
  };
}

describe('each public member of npm socket.io and engine.io is there, or left out for a reason', () => {
  for (const { of, file } of classes) {
    test(of, async () => {
      const members = publicMembers(file, of.split(' ').at(-1) ?? '');
      expect(members.length).toBeGreaterThan(1);
      const ours = (await specimens())[of] as object;
      const missing = members.filter((member) => !(member in ours)).map((member) => `${of}.${member}`);
      expect(missing).toEqual(Object.keys(omissions).filter((omission) => omission.startsWith(`${of}.`)));
    });
  }

  test('options', () => {
    expectTypeOf<Exclude<keyof OfficialOptions, keyof ServerOptions>>().toBeNever();
  });
});
