import { expect, test } from 'vitest';
import { deviceOf, HeldCommands } from '../../../hub/commands/held-commands.ts';
import { OpenCommand } from '../../../hub/commands/open-command.ts';
import { toCommand } from '../../../hub/commands/request.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeCommandStore, operator } from './fake-command-store.ts';

function openCommand(id: string, device = 'lamp'): OpenCommand {
  const clock = new ManualClock();
  const context = { group: 'home', id, principal: operator, nowMs: clock.nowUs() / 1000 };
  const record = toCommand({ device, name: 'relay' }, context);
  const parts = { store: new FakeCommandStore(), clock, log: silentLog, counters: new CountersProbe() };
  return new OpenCommand(parts, { record, stored: Promise.resolve(), moved() {} });
}

function held(...opens: OpenCommand[]): HeldCommands {
  const commands = new HeldCommands();
  for (const open of opens) commands.put({ open, stored: Promise.resolve(open.record), address: undefined });
  return commands;
}

test('commands are found by id, and those of a device in the order in which they came', () => {
  const [first, second, other] = [openCommand('c1'), openCommand('c2'), openCommand('c3', 'heater')];
  const commands = held(first, second, other);
  expect(commands.find({ group: 'home', id: 'c2' })?.open).toBe(second);
  expect(commands.find({ group: 'garage', id: 'c2' })).toBeUndefined();
  expect(commands.ofDevice(deviceOf(first.record))).toEqual([first, second]);
});

test('what is forgotten is found no more, by neither way', () => {
  const [first, second] = [openCommand('c1'), openCommand('c2')];
  const commands = held(first, second);
  commands.forget(first);
  expect(commands.find(first.record)).toBeUndefined();
  expect(commands.ofDevice('home/lamp')).toEqual([second]);
});

test('closing ends all of them and forgets them', () => {
  const open = openCommand('c1');
  const commands = held(open);
  commands.closeAll();
  expect([open.ended.aborted, commands.ofDevice('home/lamp')]).toEqual([true, []]);
});
