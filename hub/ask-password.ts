/** Asks for a password on a terminal without showing what is typed. */
import type { ReadStream } from 'node:tty';

export interface Terminal {
  readonly input: Pick<ReadStream, 'isTTY' | 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>;
  readonly say: (text: string) => void;
}

const keys = { enter: ['\r', '\n'], interrupt: '\u0003', endOfInput: '\u0004', erase: ['\u007F', '\b'] };

/** @returns undefined without a terminal, and when the person gave up (Ctrl-C, Ctrl-D) */
export function askPassword(question: string, { input, say }: Terminal): Promise<string | undefined> {
  if (!input.isTTY) return Promise.resolve(undefined);
  say(question);
  input.setRawMode(true);
  input.resume();
  return new Promise((resolve) => {
    let typed: string[] = [];
    const finish = (password: string | undefined): void => {
      input.off('data', hear);
      input.setRawMode(false);
      input.pause();
      say('\n');
      resolve(password);
    };
    const hear = (chunk: Buffer): void => {
      for (const key of chunk.toString()) {
        if (keys.enter.includes(key)) return finish(typed.join(''));
        if (key === keys.interrupt || key === keys.endOfInput) return finish(undefined);
        typed = keys.erase.includes(key) ? typed.slice(0, -1) : [...typed, key];
      }
    };
    input.on('data', hear);
  });
}
