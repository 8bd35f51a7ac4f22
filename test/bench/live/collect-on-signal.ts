/**
 * Loaded ahead of a program that is measured: collects its garbage at SIGUSR2, so that each phase of a measurement
 * begins with nothing to collect of the one before.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  process.on('SIGUSR2', () => collect());
}
