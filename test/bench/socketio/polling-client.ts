/**
 * A Socket.IO client over HTTP long-polling on two bare TCP sockets, as browsers have them: one polls, one posts.
 */
import { connect, type Socket } from 'node:net';

const path = '/socket.io/?EIO=4&transport=polling';
const headers = [
  'Host: bench',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Accept: */*',
  'Accept-Language: en-US,en;q=0.5',
  'Accept-Encoding: gzip, deflate, br',
  'Connection: keep-alive',
].join('\r\n');
const separator = '\u001e';

interface Exchange {
  readonly request: string;
  readonly answered: (body: string) => void;
}

/** Requests on one connection, each after the answer to the one before. */
class KeptAlive {
  readonly #socket: Socket;
  readonly #exchanges: Exchange[] = [];
  #text = '';

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    this.#socket.setEncoding('latin1');
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (chunk: string) => this.#read(chunk));
  }

  send(request: string, answered: (body: string) => void): void {
    this.#exchanges.push({ request, answered });
    if (this.#exchanges.length === 1) this.#socket.write(request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#text += chunk;
    const end = this.#text.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = /content-length: (\d+)/i.exec(this.#text.slice(0, end))?.[1];
    if (length === undefined) throw new Error(`No length in ${this.#text.slice(0, end)}`);
    if (this.#text.length < end + 4 + Number(length)) return;
    const body = this.#text.slice(end + 4);
    this.#text = '';
    const answered = this.#exchanges.shift()?.answered;
    const [next] = this.#exchanges;
    if (next !== undefined) this.#socket.write(next.request);
    answered?.(body);
  }
}

export class PollingClient {
  readonly connected: Promise<void>;
  /** Called for each packet that is no ping, once connected. */
  onPacket: () => void = () => undefined;
  readonly #polls: KeptAlive;
  readonly #posts: KeptAlive;
  #url = path;
  #isConnected = false;
  #resolveConnected: () => void = () => undefined;

  constructor(port: number) {
    this.#polls = new KeptAlive(port);
    this.#posts = new KeptAlive(port);
    this.connected = new Promise((resolve) => {
      this.#resolveConnected = resolve;
    });
    this.#polls.send(`GET ${path} HTTP/1.1\r\n${headers}\r\n\r\n`, (body) => this.#opened(body));
  }

  send(payload: string): void {
    const head = `Content-Type: text/plain;charset=UTF-8\r\nContent-Length: ${payload.length}`;
    const post = `POST ${this.#url} HTTP/1.1\r\n${headers}\r\n${head}\r\n\r\n${payload}`;
    this.#posts.send(post, () => undefined);
  }

  close(): void {
    this.#polls.close();
    this.#posts.close();
  }

  #opened(body: string): void {
    const { sid } = JSON.parse(body.slice(1)) as { sid: string };
    this.#url = `${path}&sid=${sid}`;
    this.#poll();
    this.send('40');
  }

  #poll(): void {
    this.#polls.send(`GET ${this.#url} HTTP/1.1\r\n${headers}\r\n\r\n`, (body) => this.#polled(body));
  }

  #polled(body: string): void {
    this.#poll();
    for (const packet of body.split(separator)) {
      if (packet === '2') this.send('3');
      else if (this.#isConnected) this.onPacket();
      else {
        this.#isConnected = true;
        this.#resolveConnected();
      }
    }
  }
}
