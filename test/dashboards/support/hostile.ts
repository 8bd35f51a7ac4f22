/** A hub whose every name, value and sentence tries to get out of its place: markup, reversed writing, piled marks, sheer length. */
import type { TracedMessage } from '#contract/trace.ts';
import { queuedCommand } from './stub-commands.ts';
import { device, hourMs, wave, type StubDevice } from './stub-fleet.ts';
import type { StubHub } from './stub-hub.ts';

const markup =
  '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script><style>*{display:none}</style>';
const endless = 'x'.repeat(10_000);
const texts = [
  markup,
  `\u202Egnp.exe \u2066evil\u2069`,
  `Z${'\u0335\u0347\u0489'.repeat(200)}algo`,
  endless,
  '设备 名称 🌡️',
];

export function hostileFleet(startMs: number): readonly StubDevice[] {
  return texts.map((title, index) =>
    device(
      {
        group: 'hostile',
        device: `h-${index}`,
        title,
        model: markup,
        labels: { simulated: 'true', [markup.slice(0, 40)]: title },
        metrics: [
          { metric: 'temperature', title: markup, unit: markup, precision: 1 },
          { metric: `note-${endless.slice(0, 100)}`, title: endless },
          { metric: 'note', title: endless },
        ],
        controls: [
          { name: 'go', kind: 'switch', title: markup, metric: 'relay' },
          { name: 'level', kind: 'slider', title: endless, unit: endless, min: 0, max: 1e12 },
          { name: 'word', kind: 'text', title: texts[2] ?? '' },
        ],
        signals: { temperature: wave(20, 2, hourMs, index), note: () => `${markup}${'z'.repeat(900)}` },
        reported: { [markup]: title, long: 'q'.repeat(10_000), [endless]: markup },
      },
      startMs,
    ),
  );
}

/** Gives the hub the rest: commands, tokens, inbox, quarantine, devices out of sight, raw messages. */
export function makeHostile(hub: StubHub): void {
  const now = Date.now();
  texts.forEach((text, index) => {
    const command = queuedCommand(
      'hostile',
      `c${index}`,
      { device: `h-${index}`, name: text, args: { value: text } },
      now,
    );
    const error = { code: 'offline', message: text };
    hub.commands.push({ ...command, state: 'failed', error, requestedBy: text, principal: text });
    hub.tokens.push({ id: `t-${index}`, name: text, role: 'viewer', groups: [text], createdAt: now });
    hub.inbox.push({
      topic: text,
      payload: text,
      encoding: 'utf8',
      principal: text,
      why: text,
      count: 1e15,
      firstSeen: now,
      lastSeen: now,
      payloads: [],
    });
  });
  hub.keeping.quarantine = texts.map((text, index) => ({
    id: 100 - index,
    at: now,
    code: text.slice(0, 60),
    message: text,
    source: { edge: text, principal: text, topic: text },
    payload: text,
    encoding: 'utf8',
  }));
  for (const why of ['waiting', 'denied', 'archived'])
    hub.keeping.hidden.set(
      why,
      hub.devices.map(({ info }) => info),
    );
  hub.traces = texts.map((text): TracedMessage => ({
    at: now,
    edge: 'mqtt',
    principal: text,
    topic: text,
    bytes: 10_000,
    payload: text,
    encoding: 'utf8',
    decoder: text,
    outcome: 'partly',
    reason: { code: text, message: text },
    values: [{ group: 'hostile', device: text, metric: text, value: text }],
    events: [text],
    dropped: [{ what: text, code: text, message: text }],
  }));
}
