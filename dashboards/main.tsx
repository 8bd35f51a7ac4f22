/** Starts the page: makes its state and draws it. */
import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/overlays.css';
import './styles/cards.css';
import './styles/charts.css';
import './styles/device.css';
import './styles/controls.css';
import './styles/tables.css';
import './styles/settings.css';
import { AppContext } from './components/context.ts';
import { openSocketsOf } from './connection/open-socket.ts';
import { browserTiming } from './connection/socket-like.ts';
import { createApp } from './state/app.ts';
import { Frame } from './views/frame.tsx';

const app = createApp({
  window,
  timing: browserTiming,
  openSocket: () => openSocketsOf(window.location.origin),
});
app.preferences.applyTo(document.documentElement);
const root = document.getElementById('app');
if (root === null) throw new Error('The page has no place for the application.');
render(
  <AppContext.Provider value={app}>
    <Frame />
  </AppContext.Provider>,
  root,
);
