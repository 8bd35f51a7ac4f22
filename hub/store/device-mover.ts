/**
 * Another name for a device, in memory first: from that moment on its series have the new name for whoever appends, and
 * whatever was appended under the old one is ahead of the call that renames it in the file.
 */
import type { DeviceName } from '#contract/device.ts';
import type { MovedSeries } from './messages.ts';
import type { StoreSeriesIndex } from './series-index.ts';
import type { ReaderThread, WriterThread } from './threads.ts';

export interface DeviceMoverParts {
  readonly series: StoreSeriesIndex;
  readonly writer: WriterThread;
  readonly reader: ReaderThread;
  /** Sends what this turn has gathered. */
  readonly flush: () => void;
}

export function deviceMover({ series, writer, reader, flush }: DeviceMoverParts) {
  /** Renamed in memory and not yet in the file: what failed is asked for again. */
  const open = new Map<string, readonly MovedSeries[]>();
  return async (from: DeviceName, to: DeviceName): Promise<void> => {
    const key = `${from.group}/${from.device} ${to.group}/${to.device}`;
    flush();
    const moved = open.get(key) ?? series.move(from, to);
    open.set(key, moved);
    await writer.call('moveDevice', from, to, moved);
    open.delete(key);
    await reader.call(
      'forgetSeries',
      moved.map(({ id }) => id),
    );
  };
}
