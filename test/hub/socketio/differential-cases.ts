/** What is sent to our server and to npm `socket.io`, and where the answers differ on purpose. */
import type { Server } from '#socketio';

/** What both have in common, as far as these tests use it. */
export type AnyServer = Server;

export interface Case {
  readonly title: string;
  /** Frames to send, one after the other; `wait` lets the server come to rest first. */
  readonly frames: readonly (string | Buffer)[];
  readonly options?: object;
  readonly prepare?: (io: AnyServer) => void;
  /** Why ours differs, and how its transcript then ends. */
  readonly deliberately?: { readonly because: string; readonly ours: readonly string[] };
}

/** Among the frames: let the server come to rest first. */
export const wait = '(wait)';
const bytes = Buffer.from([1, 2, 3]);

export function echo(io: AnyServer): void {
  io.on('connection', (socket) => {
    socket.on('echo', (...args: unknown[]) => {
      const ack = args.at(-1);
      if (typeof ack === 'function') ack(...args.slice(0, -1));
      else socket.emit('echo', ...args);
    });
  });
}

const refuse = (io: AnyServer): void => {
  io.use((_socket, next) => next(Object.assign(new Error('no'), { data: { code: 1 } })));
};

export const cases: readonly Case[] = [
  { title: 'CONNECT', frames: ['40'] },
  { title: 'CONNECT with auth', frames: ['40{"token":"x"}'] },
  { title: 'CONNECT to another namespace', frames: ['40/other,'] },
  { title: 'CONNECT without the comma', frames: ['40/other'] },
  { title: 'CONNECT to two namespaces', frames: ['40', '40/other,', wait, '41/other,'] },
  { title: 'CONNECT to an unknown namespace', frames: ['40/unknown,', wait, '40'] },
  { title: 'CONNECT with a query in the name', frames: ['40/other?a=1,'] },
  { title: 'CONNECT twice', frames: ['40', wait, '40'] },
  {
    title: 'CONNECT twice at once',
    frames: ['40', '40'],
    deliberately: {
      because: 'one socket is made and one answer given',
      ours: ['/ connection', 'out 40{"sid":"<id 1>"}'],
    },
  },
  { title: 'CONNECT refused by a middleware', frames: ['40', wait, '40/other,'], prepare: refuse },
  { title: 'an event after a refused CONNECT', frames: ['40', wait, '42["x"]'], prepare: refuse },
  ...['40"str"', '40[]', '40null', '40{', '4', '40123'].map((frame) => ({
    title: `CONNECT as ${frame}`,
    frames: [frame],
  })),
  { title: 'an event before CONNECT', frames: ['42["x"]'] },
  { title: 'an event right behind CONNECT', frames: ['40', '42["x"]'] },
  { title: 'an event for a namespace not joined', frames: ['40', wait, '42/other,["x"]'] },
  { title: 'CONNECT_ERROR from the client', frames: ['40', wait, '44{"message":"x"}'] },
  { title: 'DISCONNECT', frames: ['40', wait, '41', wait, '40'] },
  { title: 'events in order', frames: ['40', wait, '42["echo",1]', '42["echo",2]', '42["echo",3]'] },
  { title: 'an event, then DISCONNECT', frames: ['40', wait, '42["echo",1]', '41'] },
  { title: 'an event with an acknowledgement', frames: ['40', wait, '421["echo",{"a":[1,null,"é€😀"]}]'] },
  {
    title: 'an event with attachments',
    frames: ['40', wait, '451-["echo",{"_placeholder":true,"num":0}]', bytes],
  },
  {
    title: 'attachments and an acknowledgement',
    frames: ['40', wait, '451-7["echo",{"_placeholder":true,"num":0}]', bytes],
  },
  { title: 'an event without listeners', frames: ['40', wait, '42["nobody"]'] },
  { title: 'an event named error', frames: ['40', wait, '42["error","x"]'] },
  {
    title: 'an event named __proto__',
    frames: ['40', wait, '42["__proto__"]', '42["constructor"]', '42["toString"]', '42[""]'],
  },
  { title: 'an event with a number for a name', frames: ['40', wait, '42[1,2]'] },
  { title: 'an unknown acknowledgement', frames: ['40', wait, '4399[]', '42["echo",1]'] },
  { title: 'an acknowledgement without arguments', frames: ['40', wait, '4399', '42["echo",1]'] },
  {
    title: 'an event without payload',
    frames: ['40', wait, '42'],
    deliberately: {
      because: 'an event has a name',
      ours: [
        '/ error invalid payload',
        '/ disconnecting forced close 1',
        '/ disconnect forced close 0',
        'closed 1005',
      ],
    },
  },
  ...[
    '42{}',
    '42[]',
    '42[null]',
    '42[{}]',
    '42[["a"]]',
    '42"x"',
    '42[true]',
    '42["a"]x',
    '42["connect"]',
    '42["connect_error"]',
    '42["disconnect"]',
    '42["disconnecting"]',
    '42["newListener"]',
    '42["removeListener"]',
    '41[]',
    '43-1[]',
    '431{}',
    '421.5["echo"]',
    '47',
    '48',
    '49["x"]',
    '450-["a"]',
    '45-["a"]',
    '45x-["a"]',
    '451["a"]',
    '4511-["a"]',
    '451.5-["a"]',
    '45-1-["a"]',
    '460-1[]',
  ].map((frame) => ({ title: `the bad packet ${frame}`, frames: ['40', '40/other,', wait, frame] })),
  {
    title: 'text while attachments are due',
    frames: ['40', wait, '451-["a",{"_placeholder":true,"num":0}]', '42["b"]'],
  },
  { title: 'bytes when none are due', frames: ['40', wait, bytes] },
  ...['1', '-1', '"0"', '1.5', 'null', '"splice"', 'true'].map((num) => ({
    title: `the placeholder ${num}`,
    frames: ['40', wait, `451-["a",{"_placeholder":true,"num":${num}}]`, bytes],
  })),
  {
    title: 'one attachment in two places',
    frames: ['40', wait, '451-["echo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]', bytes],
  },
  {
    title: 'emits from a middleware',
    frames: ['40'],
    prepare: (io) =>
      void io.use((socket, next) => {
        socket.emit('early', 1);
        next();
      }),
  },
  {
    title: 'broadcasts at connection',
    frames: ['40'],
    prepare: (io) =>
      void io.on('connection', (socket) => {
        void socket.join(['a', 'b']);
        io.emit('all', 1);
        io.to(['a', 'b']).emit('once');
        io.to('a').except('b').emit('never');
        socket.broadcast.emit('never');
        io.to('a').volatile.emit('volatile');
        io.to('a').emit('bytes', Buffer.from('x'));
        socket.send('hello', 1);
      }),
  },
  {
    title: 'acknowledgement ids are counted per namespace',
    frames: ['40', wait, '430["a"]', '431["b"]', '432["c"]', '432["again"]'],
    prepare: (io) =>
      void io.on('connection', (socket) => {
        for (let i = 0; i < 2; i += 1) socket.emit('ask', (answer: unknown) => socket.emit('answer', answer));
        io.timeout(1000).emit('all', (error: unknown, answers: unknown) =>
          socket.emit('answers', error, answers),
        );
      }),
  },
  {
    title: 'server-side disconnect',
    frames: ['40', '40/other,', wait, '42["x"]'],
    prepare: (io) => void io.on('connection', (socket) => socket.on('x', () => socket.disconnect())),
  },
  {
    title: 'server-side disconnect with close',
    frames: ['40', '40/other,', wait, '42["x"]'],
    prepare: (io) => void io.on('connection', (socket) => socket.on('x', () => socket.disconnect(true))),
  },
  {
    title: 'a middleware of a socket that refuses',
    frames: ['40', '40/other,', wait, '42["x"]', '42["y"]'],
    prepare: (io) =>
      void io.on('connection', (socket) => {
        socket.use(([name], next) => next(name === 'x' ? new Error('not x') : undefined));
        socket.on('x', () => socket.emit('never'));
        socket.on('y', () => socket.emit('y'));
      }),
  },
  { title: 'recovery announces a pid', frames: ['40'], options: { connectionStateRecovery: {} } },
  {
    title: 'the engine closed by the server',
    frames: ['40', wait, '42["x"]'],
    prepare: (io) => void io.on('connection', (socket) => socket.on('x', () => void socket.conn.close())),
  },
  {
    title: 'the whole server closed',
    frames: ['40', wait, '42["x"]'],
    prepare: (io) => void io.on('connection', (socket) => socket.on('x', () => void io.close())),
  },
  {
    title: 'a dynamic namespace',
    frames: ['40/dynamic-1,', wait, '40/dynamic-x,', '42/dynamic-1,["echo",1]'],
    prepare: (io) =>
      void io
        .of(/^\/dynamic-\d+$/)
        .on('connection', (socket) => socket.on('echo', (value) => socket.nsp.emit('echo', value))),
  },
  {
    title: 'a namespace that a function allows',
    frames: ['40/fn,{"ok":true}', '40/fn2,{"ok":false}'],
    prepare: (io) => void io.of((name, auth, next) => next(null, auth['ok'] === true)),
  },
];
