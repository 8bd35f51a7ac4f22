/** Runs one of the simulators' commands as a person would, and tells how it ended and what it printed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** @param script its path inside `simulators/` */
export function run(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const path = fileURLToPath(new URL(`../../../simulators/${script}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  });
  const output = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.err += text));
  // Not 'close': it does not come when the channel was closed from this side.
  const silent = [child.stdout, child.stderr]
    .filter((stream) => stream !== null)
    .map((stream) => once(stream, 'end'));
  const ended: Promise<Ended> = Promise.all([once(child, 'exit'), ...silent]).then(() => ({
    code: child.exitCode,
    ...output,
  }));
  return { child, ended };
}

/** One clear sentence, and nothing started. */
export async function expectRefusal(
  script: string,
  args: readonly string[],
  sentence: RegExp,
): Promise<void> {
  const { code, out, err } = await run(script, args).ended;
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(sentence);
  expect(err.trimEnd()).not.toContain('\n');
}
