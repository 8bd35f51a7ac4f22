/** What happened to a device, newest first: commands, events, presence; beside it its twin, below its raw messages. */
import type { CommandRecord } from '#contract/command.ts';
import { CommandState, CommandWords } from '../components/command-state.tsx';
import { jsonText } from '../format/text.ts';
import { useApp } from '../components/context.ts';
import { Name } from '../components/name.tsx';
import { PresenceWord } from '../components/presence.tsx';
import type { GroupState, StoryLine } from '../state/group.ts';
import type { DeviceState } from '../state/registry.ts';
import { DeviceTrace } from './device-trace.tsx';
import { DeviceTwin } from './device-twin.tsx';

const linesShown = 50;

type Line = StoryLine | { readonly kind: 'command'; readonly at: number; readonly command: CommandRecord };

export function DeviceStory({ state, group }: { readonly state: DeviceState; readonly group: GroupState }) {
  const { language } = useApp();
  const lines: Line[] = [
    ...group.story.value.filter(({ device }) => device === state.device),
    ...(group.commands.value ?? [])
      .filter(({ device }) => device === state.device)
      .map((command) => ({ kind: 'command', at: command.createdAt, command }) as const),
  ];
  const newest = lines.toSorted((a, b) => b.at - a.at).slice(0, linesShown);
  return (
    <div class="device-below">
      <section class="panel story">
        <h2>{language.t('device.story')}</h2>
        {newest.length === 0 && <p class="hint">{language.t('device.storyNone')}</p>}
        <ol>
          {newest.map((line) => (
            <li key={keyOf(line)}>
              <time dateTime={new Date(line.at).toISOString()} title={language.time(line.at)}>
                {language.clock(line.at)}
              </time>
              <StoryText line={line} />
            </li>
          ))}
        </ol>
      </section>
      <DeviceTwin state={state} />
      <DeviceTrace state={state} group={group} />
    </div>
  );
}

function StoryText({ line }: { readonly line: Line }) {
  const { language } = useApp();
  const error = line.kind === 'command' ? line.command.error : undefined;
  switch (line.kind) {
    case 'presence':
      return <PresenceWord presence={line.presence} />;
    case 'event':
      return (
        <span class="story-text">
          <Name text={line.event.name} />
          <Name text={jsonText(line.event.data)} class="dim" />
        </span>
      );
    case 'command':
      return (
        <span class="story-text">
          <CommandWords command={line.command} />
          <CommandState state={line.command.state} />
          {error !== undefined && <Name text={language.reason(error.code, error.message)} class="dim" />}
        </span>
      );
  }
}

function keyOf(line: Line): string {
  if (line.kind === 'command') return line.command.id;
  return line.kind === 'event' ? `event ${line.event.offset}` : `${line.at} ${line.presence}`;
}
