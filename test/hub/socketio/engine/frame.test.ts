import { constants, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  compressedFrame,
  frameBytes,
  plainFrame,
  sharedFrame,
} from '../../../../hub/socketio/engine/frame.ts';

describe('RFC 6455, section 5.2', () => {
  const headers = [
    { length: 0, header: '00' },
    { length: 125, header: '7d' },
    { length: 126, header: '7e007e' },
    { length: 65_535, header: '7effff' },
    { length: 65_536, header: '7f0000000000010000' },
    { length: 70_000, header: '7f0000000000011170' },
  ];
  for (const { length, header } of headers) {
    test(`${length} bytes are announced by ${header}`, () => {
      const bytes = Buffer.alloc(length, 'a');
      expect(
        frameBytes(plainFrame({ type: 'message', data: bytes })).equals(
          Buffer.concat([Buffer.from(`82${header}`, 'hex'), bytes]),
        ),
      ).toBe(true);
      if (length === 0) return;
      const text = Buffer.concat([Buffer.from(`81${header}34`, 'hex'), bytes.subarray(1)]);
      expect(frameBytes(plainFrame({ type: 'message', data: 'a'.repeat(length - 1) })).equals(text)).toBe(
        true,
      );
    });
  }

  for (const text of ['é', '€uro', '🙂', '\ud800']) {
    test(`${JSON.stringify(text)} is sent as UTF-8`, () => {
      expect(frameBytes(plainFrame({ type: 'message', data: text })).subarray(2)).toEqual(
        Buffer.from(`4${text}`),
      );
    });
  }

  test('a packet without data is its digit', () => {
    expect(plainFrame({ type: 'ping' })).toBe('\x81\x012');
  });
});

describe('RFC 7692, section 7.2.1', () => {
  test('a long message is compressed by itself, without the end of the block', () => {
    const frame = frameBytes(compressedFrame({ type: 'message', data: 'a'.repeat(2000) }, 1024, {}));
    expect(frame[0]).toBe(0xc1);
    const payload = Buffer.concat([frame.subarray(2), Buffer.from([0, 0, 0xff, 0xff])]);
    expect(inflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH }).toString()).toBe(
      `4${'a'.repeat(2000)}`,
    );
  });

  test('a short one is left as it is', () => {
    const packet = { type: 'message', data: 'short' } as const;
    expect(compressedFrame(packet, 1024, {})).toEqual(plainFrame(packet));
  });
});

describe('a broadcast', () => {
  test('is framed once for all recipients', () => {
    const packet = { type: 'message', data: 'news', options: { preEncoded: true } } as const;
    expect(sharedFrame(packet, false, plainFrame)).toBe(sharedFrame({ ...packet }, false, plainFrame));
  });

  test('keeps a frame for each of its packets, and for each way to send it', () => {
    const options = { preEncoded: true };
    const text = sharedFrame({ type: 'message', data: 'text', options }, false, plainFrame);
    const bytes = sharedFrame({ type: 'message', data: Buffer.from('bytes'), options }, false, plainFrame);
    const other = sharedFrame({ type: 'message', data: 'text', options }, true, () =>
      Buffer.from('compressed'),
    );
    expect([text, bytes[0], other.toString()]).toEqual(['\x81\x054text', 0x82, 'compressed']);
  });

  test('takes the frame that came with it', () => {
    const options = { wsPreEncodedFrame: [Buffer.from([129, 2]), Buffer.from('4x')] };
    expect(
      sharedFrame({ type: 'message', data: 'test', options }, false, plainFrame).toString('latin1'),
    ).toBe('\x81\x024x');
    expect(sharedFrame({ type: 'message', data: 'test', options }, true, plainFrame)).not.toContain('x');
  });

  test('a message to one client leaves nothing on its options', () => {
    const options = { compress: true };
    sharedFrame({ type: 'message', data: 'test', options }, false, plainFrame);
    expect(Reflect.ownKeys(options)).toEqual(['compress']);
  });
});
