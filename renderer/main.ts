/** The start of the window: makes the state, hands it to the views. */
import { mount } from 'svelte';
import '@fontsource-variable/inter/index.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/overlays.css';
import App from './App.svelte';
import { connectHost } from './api/host.ts';
import { App as AppState } from './state/app.svelte.ts';

/** Browsers may forbid a page to store anything, and say so by throwing. */
function ownStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

const target = document.getElementById('app');
if (target === null) throw new Error('The page has no place for the app.');

const app = new AppState({
  host: connectHost(window),
  createAudio: () => new Audio(),
  mediaSession: 'mediaSession' in navigator ? navigator.mediaSession : null,
  storage: ownStorage(),
});
mount(App, { target, props: { app } });
app.start();
