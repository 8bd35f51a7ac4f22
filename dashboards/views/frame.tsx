/** The whole page: the frame around every screen, or the way in. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../components/context.ts';
import { KeysDialog, SearchDialog } from '../components/dialogs.tsx';
import { Keyboard } from '../components/keyboard.ts';
import { Rail } from '../components/rail.tsx';
import { LinkBanner, TopBar } from '../components/top-bar.tsx';
import { WorkList } from '../components/works.tsx';
import type { App } from '../state/app.ts';
import { CommandsView } from './commands-view.tsx';
import { DeviceView } from './device-view.tsx';
import { GroupView } from './group-view.tsx';
import { InboxView } from './inbox-view.tsx';
import { LoginView } from './login-view.tsx';
import { neighbourOf } from './neighbours.ts';
import { NotFoundView } from './not-found-view.tsx';
import { OverviewView } from './overview-view.tsx';
import { SettingsView } from './settings-view.tsx';
import { StatusView } from './status-view.tsx';

type Opened = 'search' | 'keys' | undefined;

export function Frame() {
  const app = useApp();
  const [opened, setOpened] = useState<Opened>(undefined);
  const isIn = app.session.phase.value === 'in';
  useKeyboard(app, setOpened, isIn);
  useEffect(
    () => void (document.documentElement.lang = app.language.locale.value),
    [app.language.locale.value],
  );
  if (!isIn) return <LoginView />;
  const close = (): void => setOpened(undefined);
  return (
    <div class="frame">
      <a class="skip" href="#content" onClick={(event) => skipTo(event, 'content')}>
        {app.language.t('app.skip')}
      </a>
      <Rail openSearch={() => setOpened('search')} />
      <TopBar openSearch={() => setOpened('search')} openKeys={() => setOpened('keys')} />
      <main class="content" id="content" tabIndex={-1}>
        <LinkBanner />
        <WorkList />
        <Screen />
      </main>
      {opened === 'search' && <SearchDialog close={close} />}
      {opened === 'keys' && <KeysDialog close={close} />}
    </div>
  );
}

function Screen() {
  const route = useApp().route.current.value;
  switch (route.screen) {
    case 'overview':
      return <OverviewView />;
    case 'group':
      return <GroupView group={route.group} />;
    case 'device':
      return <DeviceView group={route.group} device={route.device} />;
    case 'commands':
      return <CommandsView />;
    case 'inbox':
      return <InboxView />;
    case 'status':
      return <StatusView />;
    case 'settings':
      return <SettingsView />;
    case 'not-found':
      return <NotFoundView />;
  }
}

/** The fragment is the address of the screen: the skip link moves the focus itself. */
function skipTo(event: MouseEvent, id: string): void {
  event.preventDefault();
  document.getElementById(id)?.focus();
}

function useKeyboard(app: App, open: (opened: Opened) => void, isIn: boolean): void {
  useEffect(() => {
    if (!isIn) return;
    const keyboard = new Keyboard({
      now: () => app.timing.now(),
      actions: {
        search: () => open('search'),
        help: () => open('keys'),
        theme: () => app.preferences.nextTheme(),
        go: (screen) => app.route.go({ screen }),
        neighbour: (step) => goToNeighbour(app, step),
      },
    });
    const onKey = (event: KeyboardEvent): void => {
      if (document.querySelector('dialog[open]') === null && keyboard.press(event)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [app, open, isIn]);
}

function goToNeighbour(app: App, step: -1 | 1): void {
  const route = app.route.current.peek();
  if (route.screen !== 'device') return;
  const devices = app.live.peek()?.registry.list(route.group).peek() ?? [];
  const next = neighbourOf(devices, route.device, step);
  if (next !== undefined) app.route.go({ screen: 'device', group: route.group, device: next.device });
}
