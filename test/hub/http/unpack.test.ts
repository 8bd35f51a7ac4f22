import { gzipSync } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { unpack } from '../../../hub/http/unpack.ts';

async function unpacked(body: unknown, encoding?: string): Promise<string> {
  const headers = encoding === undefined ? {} : { 'content-encoding': encoding };
  return Buffer.from(await unpack({ body, headers } as unknown as FastifyRequest)).toString();
}

describe('Content-Encoding', () => {
  test('none and identity: as it came; no body: nothing', async () => {
    expect(await unpacked(Buffer.from('a'))).toBe('a');
    expect(await unpacked(Buffer.from('a'), 'identity')).toBe('a');
    expect(await unpacked(undefined)).toBe('');
  });

  test('gzip, also in several members', async () => {
    expect(await unpacked(gzipSync('a'), 'gzip')).toBe('a');
    expect(await unpacked(Buffer.concat([gzipSync('a'), gzipSync('b')]), ' X-GZIP ')).toBe('ab');
  });

  test('exactly as much as a body may have, and one byte more', async () => {
    const most = Buffer.alloc(limits.httpBatchBytes);
    expect(await unpacked(gzipSync(most), 'gzip')).toHaveLength(most.length);
    const bomb = gzipSync(Buffer.alloc(most.length + 1));
    await expect(unpacked(bomb, 'gzip')).rejects.toMatchObject({ status: 413, code: 'body-too-large' });
  });

  test('what is cut, changed or no gzip at all', async () => {
    const whole = gzipSync('a');
    const changed = Buffer.from(whole);
    changed[whole.length - 8] = (changed[whole.length - 8] ?? 0) ^ 1;
    for (const body of [whole.subarray(0, -1), changed, Buffer.from('a'), Buffer.alloc(0)])
      await expect(unpacked(body, 'gzip')).rejects.toMatchObject({
        name: 'FormatError',
        code: 'invalid-gzip',
      });
  });

  for (const encoding of ['br', 'deflate', 'zstd', 'gzip, gzip'])
    test(`${encoding} is not taken`, async () => {
      await expect(unpacked(Buffer.from('a'), encoding)).rejects.toMatchObject({ status: 415 });
    });
});
