import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { Harness } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

const clientPath = 'node_modules/socket.io-client/dist';
const { version } = JSON.parse(readFileSync('node_modules/socket.io-client/package.json', 'utf8')) as {
  version: string;
};
const decompressors = { br: brotliDecompressSync, gzip: gunzipSync, deflate: inflateSync };

/** Without the decoding that `fetch` does by itself. */
function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ response: IncomingMessage; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ response, body: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the client bundles', () => {
  for (const end of ['.js', '.min.js', '.esm.min.js', '.msgpack.min.js']) {
    test(`socket.io${end} and its map are served`, async () => {
      const { url } = await harness.start({ clientPath });
      const bundle = await get(`${url}/socket.io/socket.io${end}`);
      expect(bundle.response.statusCode).toBe(200);
      expect(bundle.response.headers).toMatchObject({
        'content-type': 'application/javascript; charset=utf-8',
        etag: `"${version}"`,
        'cache-control': 'public, max-age=0',
      });
      expect(bundle.body.equals(readFileSync(`${clientPath}/socket.io${end}`))).toBe(true);
      const map = await get(`${url}/socket.io/socket.io${end}.map?x=1`);
      expect(map.response.headers['content-type']).toBe('application/json; charset=utf-8');
    });
  }

  for (const encoding of ['br', 'gzip', 'deflate'] as const) {
    test(`${encoding} is used if accepted`, async () => {
      const { url } = await harness.start({ clientPath });
      const { response, body } = await get(`${url}/socket.io/socket.io.js`, { 'accept-encoding': encoding });
      expect(response.headers['content-encoding']).toBe(encoding);
      expect(decompressors[encoding](body).equals(readFileSync(`${clientPath}/socket.io.js`))).toBe(true);
    });
  }

  test('the client names first what it likes best', async () => {
    const { url } = await harness.start({ clientPath });
    const { response } = await get(`${url}/socket.io/socket.io.js`, {
      'accept-encoding': 'gzip, br, deflate',
    });
    expect(response.headers['content-encoding']).toBe('gzip');
  });

  test('an encoding of weight 0 is not used', async () => {
    const { url } = await harness.start({ clientPath });
    const { response } = await get(`${url}/socket.io/socket.io.js`, {
      'accept-encoding': 'br;q=0, gzip;q=0.5',
    });
    expect(response.headers['content-encoding']).toBe('gzip');
  });

  for (const etag of [`"${version}"`, `W/"${version}"`]) {
    test(`who knows ${etag} need not load it again`, async () => {
      const { url } = await harness.start({ clientPath });
      const { response, body } = await get(`${url}/socket.io/socket.io.js`, { 'if-none-match': etag });
      expect([response.statusCode, body.length]).toEqual([304, 0]);
    });
  }

  for (const name of [
    'socket.io.mjs',
    'socket.io.js.gz',
    '..%2fpackage.json',
    'dist%2fsocket.io.js',
    'socket.io.jsx',
    '',
  ]) {
    test(`${JSON.stringify(name)} is none of them`, async () => {
      const { url } = await harness.start({ clientPath });
      const { response } = await get(`${url}/socket.io/${name}`);
      expect([400, 404]).toContain(response.statusCode);
    }, 2000);
  }

  test('nothing is served with serveClient: false', async () => {
    const { url } = await harness.start({ clientPath, serveClient: false });
    expect((await get(`${url}/socket.io/socket.io.js`)).response.statusCode).toBe(400);
  });

  test('other origins may load them if CORS allows', async () => {
    const { url } = await harness.start({ clientPath, cors: { origin: 'https://foo.example' } });
    const { response } = await get(`${url}/socket.io/socket.io.js`, { origin: 'https://foo.example' });
    expect(response.headers['access-control-allow-origin']).toBe('https://foo.example');
  });
});
