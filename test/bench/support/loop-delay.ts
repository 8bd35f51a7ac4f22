/**
 * How late the event loop of another process is. Preloaded into it (`node --import …`): at each SIGUSR2 it writes the
 * 99th percentile since the last one into the file that `LOOP_DELAY_FILE` names. `monitorEventLoopDelay`, resolution 1.
 */
import { renameSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import { until } from '../../support/hub-process.ts';

const fileVariable = 'LOOP_DELAY_FILE';
const resolutionMs = 1;

/** What the environment of the process must hold. */
export function watchedLoop(file: string): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--import ${import.meta.filename}`, [fileVariable]: file };
}

/** @returns the 99th percentile since the last call, ms; beyond what the timer itself takes */
export async function loopDelayP99Ms(pid: number, file: string): Promise<number> {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  let text = '';
  await until(() => {
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      return false;
    }
    return text !== '';
  }, 5000);
  return Number(text);
}

const file = process.env[fileVariable];
if (file !== undefined && isMainThread) watch(file);

function watch(path: string): void {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  process.on('SIGUSR2', () => {
    writeFileSync(`${path}.part`, String(delay.percentile(99) / 1e6 - resolutionMs));
    renameSync(`${path}.part`, path);
    delay.reset();
  });
}
