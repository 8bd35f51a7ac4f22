import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { askPassword } from '../../hub/ask-password.ts';

class FakeInput extends EventEmitter {
  isTTY = true;
  isRaw = false;
  setRawMode(raw: boolean): this {
    this.isRaw = raw;
    return this;
  }
  resume(): this {
    return this;
  }
  pause(): this {
    return this;
  }
}

function ask(...chunks: readonly string[]): {
  input: FakeInput;
  said: string[];
  answer: Promise<string | undefined>;
} {
  const input = new FakeInput();
  const said: string[] = [];
  const answer = askPassword('Password: ', { input: input as never, say: (text) => void said.push(text) });
  for (const chunk of chunks) input.emit('data', Buffer.from(chunk));
  return { input, said, answer };
}

test('what is typed is not shown, can be corrected, and ends with Enter', async () => {
  const { input, said, answer } = ask('ge', 'hex\u007F', 'eim', '\r');
  expect(await answer).toBe('geheeim');
  expect(said).toEqual(['Password: ', '\n']);
  expect([input.isRaw, input.listenerCount('data')]).toEqual([false, 0]);
});

test('Ctrl-C gives up, and the terminal is as before', async () => {
  const { input, answer } = ask('secret\u0003');
  await expect(answer).rejects.toMatchObject({ code: 'given-up' });
  expect(input.isRaw).toBe(false);
});

test('without a terminal nobody is asked', async () => {
  const input = Object.assign(new FakeInput(), { isTTY: false });
  const said: string[] = [];
  expect(
    await askPassword('?', { input: input as never, say: (text) => void said.push(text) }),
  ).toBeUndefined();
  expect(said).toEqual([]);
});
