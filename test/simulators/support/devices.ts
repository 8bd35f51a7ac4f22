/** A few device identities that many tests speak for. */
import type { DeviceIdentity } from '../../../simulators/messages.ts';
import { modelOf } from '../../../simulators/models/catalogue.ts';
import { descriptionOf } from '../../../simulators/models/model.ts';

function identity(group: string, device: string, kind: string, title: string): DeviceIdentity {
  const model = modelOf(kind);
  return { group, device, kind, description: descriptionOf(model, title), controls: model.controls };
}

export const bed = identity('greenhouse', 'bed-1', 'greenhouse-bed', 'Bed 1');
export const climate = identity('greenhouse', 'climate-1', 'climate-sensor', 'Climate 1');
export const pumpDevice = identity('greenhouse', 'pump-1', 'pump', 'Pump 1');
export const button = identity('greenhouse', 'button-1', 'push-button', 'Button 1');
