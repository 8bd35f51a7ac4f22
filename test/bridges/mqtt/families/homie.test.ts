import { describe, expect, test } from 'vitest';
import { FormatError } from '#contract/formats/decoded.ts';
import { map, toContext, toldTo, understand } from './decode.ts';

describe('Homie 4 and 5', () => {
  for (const prefix of ['homie', 'homie/5']) {
    test(`${prefix}: a property is a reading of its node`, () => {
      expect(understand(`${prefix}/boiler/tank/temperature`, '61.5')).toEqual([
        'homie/boiler tank.temperature = 61.5',
      ]);
      expect(understand(`${prefix}/boiler/pump/power`, 'true')).toEqual(['homie/boiler pump.power = true']);
    });
    test(`${prefix}: the state is presence`, () => {
      expect(understand(`${prefix}/boiler/$state`, 'ready')).toEqual(['homie/boiler is online']);
      expect(understand(`${prefix}/boiler/$state`, 'lost')).toEqual(['homie/boiler is offline']);
      expect(() => map(`${prefix}/boiler/$state`, 'gone')).toThrow(FormatError);
    });
    test(`${prefix}: a command is set aside`, () => {
      expect(understand(`${prefix}/boiler/pump/power/set`, 'true')).toEqual(['aside']);
    });
  }
  test('version 5 describes a device in one document', () => {
    const json = {
      name: 'Boiler',
      nodes: { tank: { properties: { temperature: { name: 'Water', unit: '°C' } } } },
    };
    expect(map('homie/5/boiler/$description', json)?.descriptions?.[0]?.description).toEqual({
      title: 'Boiler',
      metrics: [{ metric: 'tank.temperature', title: 'Water', unit: 'Cel' }],
    });
  });
  test('version 4 describes a property in attributes', () => {
    expect(map('homie/boiler/tank/temperature/$unit', '°C')?.descriptions?.[0]?.description).toEqual({
      metrics: [{ metric: 'tank.temperature', unit: 'Cel' }],
    });
    expect(understand('homie/boiler/$nodes', 'tank,pump')).toEqual(['aside']);
  });
  test('alerts, logs and broadcasts are events', () => {
    expect(understand('homie/5/boiler/$alert/leak', 'Water!')).toEqual([
      'homie/boiler ! alert {"about":"leak","message":"Water!"}',
    ]);
    expect(understand('homie/5/$broadcast/alert', 'Fire!')).toEqual([
      'homie/broadcast ! broadcast {"about":"alert","message":"Fire!"}',
    ]);
  });
  test('names that Homie does not allow are nobody’s', () => {
    expect(understand('homie/My Boiler/tank/temperature', '1')).toEqual(['unknown']);
  });
});

test('another domain is learnt from what only Homie says', () => {
  const context = toContext();
  expect(understand('farm/5/barn/heat/room', '21.4', { context })).toEqual(['unknown']);
  const property = { datatype: 'float', unit: '°C', settable: true, format: '5:30' };
  const told = { homie: '5.0', version: 1, nodes: { heat: { properties: { room: property } } } };
  understand('farm/5/barn/$description', told, { context });
  expect(understand('farm/5/barn/heat/room', '21.4', { context })).toEqual(['farm/barn heat.room = 21.4']);
  expect(toldTo('farm/5/barn/heat/room', '21.4', context)).toEqual([
    'farm/barn heat.room slider 5..30 → farm/5/barn/heat/room/set 30',
  ]);
});

test('what a device of version 4 tells of itself has units', () => {
  expect(understand('homie/barn/$stats/uptime', '1234')).toEqual(['homie/barn stats.uptime = 1234 s']);
  expect(understand('homie/barn/$fw/name', 'x')).toEqual(['aside']);
  expect(understand('homie/barn/$online', 'false')).toEqual(['homie/barn is offline']);
});
