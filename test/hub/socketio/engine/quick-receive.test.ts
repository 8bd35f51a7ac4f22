import type { IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { receiveQuickly } from '../../../../hub/socketio/engine/quick-receive.ts';

const request = {
  method: 'GET',
  url: '/',
  headers: {
    upgrade: 'websocket',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
  },
} as unknown as IncomingMessage;

/** One end of a connection whose chunks are pushed by hand. */
function openSocket(): Promise<{ webSocket: WebSocket; socket: Duplex }> {
  const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  const server = new WebSocketServer({ noServer: true, maxPayload: 1000, clientTracking: false });
  return new Promise((resolve) => {
    server.handleUpgrade(request, socket, Buffer.alloc(0), (webSocket) => resolve({ webSocket, socket }));
  });
}

/** What a receiver makes of the chunks: its messages, and the error that ends it. */
async function read(chunks: readonly Buffer[], quickly: boolean, watched = false) {
  const { webSocket, socket } = await openSocket();
  const seen: unknown[] = [];
  let byWs = 0;
  webSocket.on('message', (data: Buffer, binary) => {
    byWs += 1;
    seen.push(binary ? [...data] : data.toString());
  });
  if (watched) webSocket.on('message', () => undefined);
  webSocket.on('error', (error) => seen.push(error.message));
  webSocket.on('ping', () => seen.push('ping'));
  if (quickly) {
    receiveQuickly({
      socket: webSocket,
      onMessage: (data) => seen.push(typeof data === 'string' ? `4${data}` : [...data]),
      onText: (text) => seen.push(text),
    });
  }
  for (const chunk of chunks) {
    socket.push(Buffer.from(chunk));
    await new Promise((resolve) => setImmediate(resolve));
  }
  webSocket.terminate();
  return { seen, byWs };
}

const final = 0x80;
const text = 1;
const bytes = 2;
const continuation = 0;
const ping = 9;
const close = 8;

function frame(opcode: number, payload: Buffer | string, { first = final, masked = true } = {}): Buffer {
  const data = Buffer.from(payload as string);
  const mask = masked ? [0x11, 0xfe, 0, 0x80] : [];
  const length = data.length < 126 ? [data.length] : [126, data.length >> 8, data.length & 0xff];
  length[0] = (length[0] as number) | (masked ? 0x80 : 0);
  return Buffer.from([
    first | opcode,
    ...length,
    ...mask,
    ...[...data].map((byte, at) => byte ^ (mask[at & 3] ?? 0)),
  ]);
}

const hello = frame(text, '4hello');
const cases: Record<string, Buffer[]> = {
  'short messages': [hello, frame(text, '4["a",1]'), frame(text, '4')],
  'packets of other types': [frame(text, '3'), frame(text, '2probe'), frame(text, '5')],
  'text that is not ASCII': [frame(text, '4é€🙂'), hello],
  bytes: [frame(bytes, Buffer.from([0, 127, 128, 255])), hello],
  'a message with a longer header': [frame(text, `4${'x'.repeat(125)}`), hello],
  'an empty message': [frame(text, ''), frame(bytes, ''), hello],
  'a ping between messages': [hello, frame(ping, 'hi'), hello],
  'fragments, and a whole message after them': [
    frame(text, '4he', { first: 0 }),
    frame(ping, ''),
    frame(continuation, 'llo'),
    hello,
  ],
  'a whole message between fragments': [frame(text, '4he', { first: 0 }), hello],
  'text that is not UTF-8': [hello, frame(text, Buffer.from([0x34, 0xc3, 0x28])), hello],
  'a frame without a mask': [hello, frame(text, '4hello', { masked: false }), hello],
  'a reserved bit': [hello, frame(text, '4hello', { first: final | 0x40 }), hello],
  'a message above the limit': [hello, frame(text, 'x'.repeat(1001)), hello],
  'a message after the close': [hello, frame(close, Buffer.from([3, 232])), hello],
  'a length that needs no second byte': [Buffer.from([0x81, 0xfe, 0, 1, 0, 0, 0, 0, 0x34]), hello],
};

function cut(stream: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < stream.length; turn += 1) {
    const size = sizes[turn % sizes.length] as number;
    chunks.push(stream.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe('what is read quickly is what ws reads', () => {
  for (const [title, frames] of Object.entries(cases)) {
    test(title, async () => {
      const stream = Buffer.concat(frames);
      for (const sizes of [[stream.length], [1], [7], [12, 3, 30], [5, 200]]) {
        const chunks = cut(stream, sizes);
        const expected = await read(chunks, false);
        expect({ sizes, seen: (await read(chunks, true)).seen }).toEqual({ sizes, seen: expected.seen });
      }
    });
  }
});

test('whole frames do not reach ws at all', async () => {
  const frames = [hello, frame(text, '4é'), frame(bytes, Buffer.from([1]))];
  expect(await read([Buffer.concat(frames)], true)).toEqual({ seen: ['4hello', '4é', [1]], byWs: 0 });
});

test('unless somebody else listens to the WebSocket', async () => {
  expect(await read([hello], true, true)).toEqual({ seen: ['4hello'], byWs: 1 });
});

test('a WebSocket of another engine is left as it is', () => {
  const socket = { on: () => undefined } as unknown as WebSocket;
  receiveQuickly({ socket, onMessage: () => undefined, onText: () => undefined });
  expect(Object.keys(socket)).toEqual(['on']);
});
