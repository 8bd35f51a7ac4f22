/** Koa and the chat share a port without getting in each other's way. */
import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { Harness, heard, type Running } from '../../hub/socketio/harness.ts';
import { chatBesideKoa } from './chat-beside-koa.ts';
import type { ChatServer } from './chat.ts';
import { everyWay } from './transports.ts';

const harness = new Harness();
afterEach(() => harness.end());

function open(): Promise<Running<ChatServer>> {
  const httpServer = createServer();
  return harness.run(chatBesideKoa(httpServer), httpServer);
}

describe('A chat beside a Koa app', () => {
  test('the page comes from Koa, and the client it loads from the chat', async () => {
    const { url } = await open();
    const page = await fetch(url);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('<script src="/socket.io/socket.io.js">');
    const client = await fetch(`${url}/socket.io/socket.io.js`);
    expect(client.status).toBe(200);
    expect(client.headers.get('x-answered-by')).toBeNull();
    expect(await client.text()).toContain('Socket.IO');
  });

  test('what nobody knows is refused by Koa, and what is no Socket.IO by the chat', async () => {
    const { url } = await open();
    const unknown = await fetch(`${url}/nothing`);
    expect([unknown.status, unknown.headers.get('x-answered-by')]).toEqual([404, 'koa']);
    const misled = await fetch(`${url}/socket.io/?EIO=4&transport=pigeon`);
    expect([misled.status, misled.headers.get('x-answered-by')]).toEqual([400, null]);
    expect(await misled.json()).toEqual({ code: 0, message: 'Transport unknown' });
  });

  for (const [way, options] of everyWay)
    test(`Koa tells who is in the chat, and speaks in it, ${way}`, async () => {
      const running = await open();
      const ann = await running.connected('/', options);
      await ann.emitWithAck('enter', 'Ann');
      expect(await (await fetch(`${running.url}/people`)).json()).toEqual(['Ann']);

      const said = heard(ann, 'said');
      const response = await fetch(`${running.url}/announcements`, {
        method: 'POST',
        body: 'We close at ten.',
      });
      expect(response.status).toBe(204);
      expect(await said).toEqual(['the house', 'We close at ten.']);
    });
});
