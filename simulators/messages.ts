/** What a simulated device says and hears, before any dialect or link. */
import type { CommandAnswer } from '#contract/command.ts';
import type { Control, DeviceDescription } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import type { Values } from './models/model.ts';

/** Who speaks. */
export interface DeviceIdentity {
  readonly group: string;
  readonly device: string;
  readonly kind: string;
  readonly description: DeviceDescription;
  readonly controls: readonly Control[];
}

export interface TelemetryMessage {
  readonly type: 'telemetry';
  /** Epoch ms by the device's clock; absent = the device has none. */
  readonly ts: number | undefined;
  readonly values: Values;
  /** The control whose command this reading confirms. */
  readonly confirms?: string | undefined;
}

export type DeviceMessage =
  | TelemetryMessage
  | {
      readonly type: 'event';
      readonly ts: number | undefined;
      readonly name: string;
      readonly data: Json;
      /** Makes a repeat recognisable. */
      readonly id: string;
    }
  | { readonly type: 'result'; readonly commandId: string; readonly answer: CommandAnswer };

/** A command as it reached the device; families without ids and deadlines leave them out. */
export interface DeviceCommand {
  readonly id?: string | undefined;
  readonly name: string;
  readonly args: Json;
  /** Epoch ms. */
  readonly deadline?: number | undefined;
}
