/** The same chat beside a Koa app: one HTTP server, one port, and each knows of the other. */
import type { Server as HttpServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Koa from 'koa';
import { chat, people, type ChatServer } from './chat.ts';
import { listen } from './listen.ts';

/** The client that browsers load; the published package brings it along. */
const clientPath = join(createRequire(import.meta.url).resolve('socket.io-client/package.json'), '../dist');

const page = `<!doctype html>
<title>Chat</title>
<ul id="lines"></ul>
<form><input autofocus placeholder="Say something"></form>
<script src="/socket.io/socket.io.js"></script>
<script>
  const socket = io();
  const input = document.querySelector('input');
  socket.on('connect', () => socket.emit('enter', 'guest ' + socket.id.slice(0, 4), () => {}));
  socket.onAny((event, ...args) => {
    const line = document.createElement('li');
    line.textContent = [event, ...args].join(': ');
    document.querySelector('#lines').append(line);
  });
  document.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    socket.emit('say', input.value);
    input.value = '';
  });
</script>
`;

/** Adds the app and the chat to an HTTP server. */
export function chatBesideKoa(httpServer: HttpServer): ChatServer {
  const app = new Koa();
  app.use(async (context, next) => {
    context.set('x-answered-by', 'koa');
    if (context.path === '/') {
      context.type = 'html';
      context.body = page;
    } else if (context.path === '/people') {
      context.body = people(io);
    } else if (context.path === '/announcements' && context.method === 'POST') {
      io.to('inside').emit('said', 'the house', await text(context.req));
      context.status = 204;
    } else {
      await next();
    }
  });

  // The app first: the chat then takes what is under /socket.io/ and leaves it the rest.
  const answer = app.callback();
  httpServer.on('request', (request, response) => void answer(request, response));
  const io = chat(httpServer, { clientPath });
  return io;
}

if (import.meta.main) listen(chatBesideKoa);
