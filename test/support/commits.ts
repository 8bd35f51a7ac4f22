/** Committed readings and events, as ingest would hand them on, and a way to let promises run. */
import type { CommittedEvent } from '#contract/event.ts';
import type { CommittedReading } from '#contract/reading.ts';
import type { Committed } from '#ports';

export const epoch = 'epoch-1';

export function reading(offset: number, fields: Partial<CommittedReading> = {}): CommittedReading {
  return {
    group: 'home',
    device: 'lamp',
    metric: 'power',
    timeUs: offset * 1_000_000,
    value: offset,
    quality: 'good',
    stampedBy: 'device',
    offset,
    ...fields,
  };
}

export function event(offset: number, fields: Partial<CommittedEvent> = {}): CommittedEvent {
  return {
    group: 'home',
    device: 'button',
    name: 'pressed',
    timeUs: offset * 1_000_000,
    data: null,
    stampedBy: 'hub',
    offset,
    ...fields,
  };
}

export function committed(parts: Partial<Omit<Committed, 'epoch'>>): Committed {
  return { epoch, readings: [], events: [], state: [], arrivedMs: 0, ...parts };
}

/** Everything that is only waiting for promises has run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** For a live plane whose frames go out where they fall due. */
export function nextTurn(go: () => void): void {
  go();
}
