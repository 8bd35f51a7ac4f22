/**
 * An InfluxDB 2.x as far as the hub sees it: setup, ping, organizations, buckets, `/api/v2/write` with a token, and `/query` with
 * the answers that a test gives it. A point is its line's series, field and time; a script says what the next writes get.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeLineProtocol } from '#contract/formats/line-protocol.ts';

/** What one write gets instead of 204. */
export interface Script {
  readonly status: number;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The lines are stored although the answer says no. */
  readonly stores?: boolean | undefined;
  /** `hang`: no answer comes. `reset`: the connection breaks instead. */
  readonly instead?: 'hang' | 'reset' | undefined;
  /** Waits for a write of so many lines; others go well before it. */
  readonly fromLines?: number | undefined;
}

export interface StubOptions {
  readonly version?: string | undefined;
  readonly token?: string | undefined;
  readonly buckets?: readonly string[] | undefined;
  /** Longer bodies get 413. */
  readonly maxBytes?: number | undefined;
  /** Lines with this text can never be stored. */
  readonly poison?: string | undefined;
  /** As 1.x: the lines beside a poisoned one are stored. */
  readonly isPartial?: boolean | undefined;
}

export class StubInflux implements AsyncDisposable {
  readonly buckets: Set<string>;
  /** Every stored value, by series, field and time. */
  readonly points = new Map<string, unknown>();
  /** The lines of each write that was answered. */
  readonly writes: (readonly string[])[] = [];
  readonly paths: string[] = [];
  /** Tables by InfluxQL statement; any other is refused. */
  readonly answers = new Map<string, readonly object[]>();
  token: string;
  /** Taken one by one; afterwards all is well. */
  script: Script[] = [];
  org = 'plant';
  readonly #options: StubOptions;
  readonly #server: Server;

  private constructor(server: Server, options: StubOptions) {
    this.#server = server;
    this.#options = options;
    this.token = options.token ?? 'secret';
    this.buckets = new Set(options.buckets ?? ['signalbox']);
  }

  static async start(options: StubOptions = {}): Promise<StubInflux> {
    const server = createServer();
    const stub = new StubInflux(server, options);
    server.on('request', (request, response) => void stub.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stub');
    this.paths.push(`${request.method} ${request.url}`);
    if (pathname === '/ping') {
      const { version = 'v2.7.0' } = this.#options;
      return void response.writeHead(204, { 'x-influxdb-version': version }).end();
    }
    if (pathname === '/api/v2/setup' && request.method === 'POST') return this.#setUp(response, body);
    if (request.headers.authorization !== `Token ${this.token}`)
      return send(response, 401, { code: 'unauthorized', message: 'unauthorized access' });
    if (pathname === '/api/v2/buckets') return this.#answerBuckets(request, response, searchParams, body);
    if (pathname === '/api/v2/orgs') return send(response, 200, { orgs: [{ id: '0a1b', name: this.org }] });
    if (pathname === '/query') return this.#answerQuery(response, searchParams.get('q') ?? '');
    if (pathname === '/api/v2/write' || pathname === '/write') {
      const bucket = searchParams.get('bucket') ?? searchParams.get('db') ?? '';
      return this.#answerWrite(response, bucket, body);
    }
    return send(response, 404, { code: 'not found', message: 'path not found' });
  }

  /** What the image's entry point asks for on its first start: https://docs.influxdata.com/influxdb/v2/api/#operation/PostSetup */
  #setUp(response: ServerResponse, body: string): void {
    const { org, bucket, token } = JSON.parse(body) as Readonly<Record<'org' | 'bucket' | 'token', string>>;
    this.org = org;
    this.token = token;
    this.buckets.clear();
    this.buckets.add(bucket);
    send(response, 201, { org: { name: org }, bucket: { name: bucket }, auth: { token } });
  }

  #answerBuckets(
    request: IncomingMessage,
    response: ServerResponse,
    parameters: URLSearchParams,
    body: string,
  ): void {
    if (request.method === 'POST') {
      const { name } = JSON.parse(body) as { readonly name: string };
      this.buckets.add(name);
      return send(response, 201, { name });
    }
    const name = parameters.get('name') ?? '';
    if (!this.buckets.has(name))
      return send(response, 404, { code: 'not found', message: `bucket "${name}" not found` });
    send(response, 200, { buckets: [{ name }] });
  }

  #answerQuery(response: ServerResponse, statement: string): void {
    const series = this.answers.get(statement);
    if (series === undefined) return send(response, 400, { error: `error parsing query: ${statement}` });
    send(response, 200, { results: [{ statement_id: 0, series }] });
  }

  #answerWrite(response: ServerResponse, bucket: string, body: string): void {
    const lines = body.split('\n').filter((line) => line !== '');
    const next = lines.length < (this.script[0]?.fromLines ?? 1) ? undefined : this.script.shift();
    const { maxBytes = Infinity, poison, isPartial = false } = this.#options;
    const bad = poison === undefined ? [] : lines.filter((line) => line.includes(poison));
    if (next !== undefined) {
      if (next.stores === true) this.#store(lines.filter((line) => !bad.includes(line)));
      if (next.instead === 'hang') return;
      if (next.instead === 'reset') return void response.socket?.resetAndDestroy();
      return void response
        .writeHead(next.status, { ...next.headers, 'content-type': 'application/json' })
        .end(next.body);
    }
    this.writes.push(lines);
    if (!this.buckets.has(bucket))
      return send(response, 404, { code: 'not found', message: `bucket "${bucket}" not found` });
    if (body.length > maxBytes)
      return send(response, 413, { code: 'request too large', message: 'too large' });
    if (bad.length === 0 || isPartial) this.#store(lines.filter((line) => !bad.includes(line)));
    if (bad.length === 0) return void response.writeHead(204).end();
    const dropped = isPartial
      ? `partial write: refused dropped=${bad.length}`
      : `unable to parse '${bad[0]}'`;
    send(response, 400, { code: 'invalid', message: dropped });
  }

  #store(lines: readonly string[]): void {
    const { readings, problems } = decodeLineProtocol(lines.join('\n'), { precision: 'us' });
    if (problems.length > 0) throw new Error(`not line protocol: ${problems[0]?.text}`);
    for (const { device, metric, tags, timeUs, value } of readings)
      this.points.set(`${device} ${metric} ${JSON.stringify(tags ?? {})} ${timeUs}`, value);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const bytes = Buffer.concat(await request.toArray());
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
