/** An engine on a free port of this machine, and the few things tests do with it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as EngineServer } from '../../../../hub/socketio/engine/index.ts';
import type { AttachOptions, ServerOptions, Socket } from '../../../../hub/socketio/engine/index.ts';

export class EngineUnderTest {
  readonly engine: EngineServer;
  readonly http: HttpServer;
  readonly port: number;

  private constructor(engine: EngineServer, http: HttpServer) {
    this.engine = engine;
    this.http = http;
    this.port = (http.address() as AddressInfo).port;
  }

  static async start(options: ServerOptions & AttachOptions = {}): Promise<EngineUnderTest> {
    const http = createServer((_request, response) => response.writeHead(404).end());
    const engine = new EngineServer(options);
    engine.attach(http, options);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new EngineUnderTest(engine, http);
  }

  /** The address of a polling request. */
  url(query: Record<string, string> = {}): string {
    const all = new URLSearchParams({ EIO: '4', transport: 'polling', ...query });
    return `http://127.0.0.1:${this.port}/engine.io/?${all}`;
  }

  webSocketUrl(query: Record<string, string> = {}): string {
    const all = new URLSearchParams({ EIO: '4', transport: 'websocket', ...query });
    return `ws://127.0.0.1:${this.port}/engine.io/?${all}`;
  }

  async nextConnection(): Promise<Socket> {
    const [session] = (await once(this.engine, 'connection')) as [Socket];
    return session;
  }

  /** Opens a session by polling; its id and the session itself. */
  async open(query: Record<string, string> = {}): Promise<{ sid: string; session: Socket }> {
    const connected = this.nextConnection();
    const response = await fetch(this.url(query));
    const { sid } = JSON.parse((await response.text()).slice(1)) as { sid: string };
    return { sid, session: await connected };
  }

  post(sid: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url({ sid }), { method: 'POST', body, headers });
  }

  async poll(sid: string): Promise<string> {
    return (await fetch(this.url({ sid }))).text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.engine.close();
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }
}
