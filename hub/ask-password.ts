/** Asks for a password on a terminal without showing what is typed. */
import type { ReadStream } from 'node:tty';

export interface Terminal {
  readonly input: Pick<ReadStream, 'isTTY' | 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>;
  readonly say: (text: string) => void;
}

const keys = { enter: ['\r', '\n'], interrupt: '\u0003', endOfInput: '\u0004', erase: ['\u007F', '\b'] };

/** Ctrl-C or Ctrl-D instead of an answer. */
export class GivenUpError extends Error {
  override readonly name = 'GivenUpError';
  readonly code = 'given-up';
}

/**
 * @returns undefined without a terminal: nobody can be asked
 * @throws {GivenUpError} the person wants to leave
 */
export function askPassword(question: string, { input, say }: Terminal): Promise<string | undefined> {
  if (!input.isTTY) return Promise.resolve(undefined);
  // First the echo goes, so that nothing of a quick answer is shown.
  input.setRawMode(true);
  say(question);
  input.resume();
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const finish = (): void => {
      input.off('data', hear);
      input.setRawMode(false);
      input.pause();
      say('\n');
    };
    const hear = (chunk: Buffer): void => {
      for (const key of chunk.toString()) {
        const isGivenUp = key === keys.interrupt || key === keys.endOfInput;
        if (isGivenUp || keys.enter.includes(key)) {
          finish();
          return isGivenUp ? reject(new GivenUpError('No password was given.')) : resolve(typed.join(''));
        }
        typed = keys.erase.includes(key) ? typed.slice(0, -1) : [...typed, key];
      }
    };
    input.on('data', hear);
  });
}
