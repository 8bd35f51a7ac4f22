import { describe, expect, test } from 'vitest';
import { Child, describeEnd } from '../../../simulators/demo/child.ts';
import { eventually } from '../support/eventually.ts';

function script(code: string, more: Partial<ConstructorParameters<typeof Child>[0]> = {}): Child {
  return new Child({ name: 'a child', args: ['-e', code], ...more });
}

describe('a child process', () => {
  test('tells how it ended, and its last words', async () => {
    const child = script('console.log("hello"); console.error("oh"); process.exit(3)');
    expect(await child.ended).toEqual({ code: 3, signal: null });
    expect(child.hasEnded).toBe(true);
    expect(child.lastLines.toSorted()).toEqual(['hello', 'oh']);
    expect(describeEnd({ code: 3, signal: null })).toBe('exit code 3');
    expect(describeEnd({ code: null, signal: 'SIGKILL' })).toBe('SIGKILL');
  });

  test('keeps only the last thirty lines', async () => {
    const child = script('for (let n = 0; n < 500; n += 1) console.log(n)');
    await child.ended;
    expect(child.lastLines).toHaveLength(30);
    expect(child.lastLines.at(-1)).toBe('499');
  });

  test('shows lines as they come, and gets its environment', async () => {
    const lines: string[] = [];
    const child = script('console.log(process.env.GREETING)', {
      env: { GREETING: 'salut' },
      onLine: (line) => lines.push(line),
    });
    await child.ended;
    expect(lines).toEqual(['salut']);
  });

  test('on a tether it can tell that its parent is there, and its end is noticed all the same', async () => {
    const child = script(
      'console.log(process.connected); process.on("disconnect", () => {}); process.exit(4)',
      {
        tether: true,
      },
    );
    expect(await child.ended).toEqual({ code: 4, signal: null });
    expect(child.lastLines).toEqual(['true']);
  });

  test('ends when asked', async () => {
    const child = script('setInterval(() => {}, 1000)');
    await child.stop(5000);
    expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('is killed when it does not listen', async () => {
    const child = script('process.on("SIGTERM", () => {}); console.log("deaf"); setInterval(() => {}, 1000)');
    await eventually(() => child.lastLines.includes('deaf'), 10_000);
    await child.stop(100);
    expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('stopping it twice, or after its end, does no harm', async () => {
    const child = script('');
    await child.ended;
    await child.stop(100);
    child.kill();
  });
});
