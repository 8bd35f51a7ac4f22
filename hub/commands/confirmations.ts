/**
 * Telemetry as an answer: the commands whose devices do not answer but show what they did. Each waits for readings of
 * its device until it is final; bounded as commands in flight are.
 */
import type { CommandAnswer } from '#contract/command.ts';
import type { CommittedReading } from '#contract/reading.ts';
import type { Confirmation } from '#ports';
import { deviceOf } from './held-commands.ts';

interface Waiting {
  readonly confirmation: Confirmation;
  readonly answer: (answer: CommandAnswer) => void;
}

export class Confirmations {
  readonly #byDevice = new Map<string, Set<Waiting>>();

  /** @param ended aborts when the command is final: nobody waits for its confirmation any more */
  await(device: string, waiting: Waiting, ended: AbortSignal): void {
    if (ended.aborted) return;
    const ofDevice = this.#byDevice.get(device) ?? new Set();
    this.#byDevice.set(device, ofDevice.add(waiting));
    ended.addEventListener('abort', () => this.#forget(device, waiting), { once: true });
  }

  /** In the order of commits. Costs nothing while no command waits. */
  seen(readings: readonly CommittedReading[]): void {
    if (this.#byDevice.size === 0) return;
    for (const reading of readings)
      for (const waiting of this.#byDevice.get(deviceOf(reading)) ?? []) judge(reading, waiting);
  }

  #forget(device: string, waiting: Waiting): void {
    const ofDevice = this.#byDevice.get(device);
    ofDevice?.delete(waiting);
    if (ofDevice?.size === 0) this.#byDevice.delete(device);
  }
}

function judge(reading: CommittedReading, { confirmation, answer }: Waiting): void {
  if (!confirmation.metrics.includes(reading.metric)) return;
  const told = confirmation.judge(reading);
  if (told !== undefined) answer(told);
}
