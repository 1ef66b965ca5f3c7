/**
 * What keeps hostile file names, tags and covers from doing harm, and everything from the network: one
 * place for each line of the security list; e2e/security.spec.ts has a test for each.
 */
import { app, session, type Session, type WebContents, type WebPreferences } from 'electron';
import { appOrigin, appScheme } from './app-protocol.ts';
import { pagePolicy } from '#host/page-files.ts';
import { mediaScheme } from '#shared/bridge.ts';
import type { Logger } from '#shared/log.ts';

/** Covers and music come by media://. */
export const contentSecurityPolicy = pagePolicy(`${mediaScheme}:`);

/** The only schemes a page of ours may load; everything else is refused in the session. */
const allowedSchemes: ReadonlySet<string> = new Set([
  `${appScheme}:`,
  `${mediaScheme}:`,
  'devtools:',
  'blob:',
  'data:',
]);

/** Before Electron is ready: switches that only count then. */
export function hardenProcess(): void {
  // Every window asks for the sandbox anyway. Started with --no-sandbox (a container, where it cannot work),
  // this call would bring it back for half of the processes and none would start.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  // Chromium's own services (component updates, variations, DNS probes) have nothing to ask for here.
  app.commandLine.appendSwitch('disable-background-networking');
  app.commandLine.appendSwitch('disable-component-update');
  app.commandLine.appendSwitch('disable-domain-reliability');
  app.commandLine.appendSwitch('no-pings');
  // Even a request that no handler saw finds no host.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/** How every window runs its page. */
export function securePreferences(preload: string): WebPreferences {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false, // would download dictionaries
  };
}

/** Nothing leaves this session and no page gets a permission. Once, before the first window. */
export function hardenSession(target: Session = session.defaultSession): void {
  target.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  target.setPermissionCheckHandler(() => false);
  target.setDevicePermissionHandler(() => false);
  target.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  target.setSpellCheckerEnabled(false);
  target.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isAllowedRequest(details.url) });
  });
  target.on('will-download', (event) => event.preventDefault());
}

/** True for what a page may load: its own files and library tracks. */
export function isAllowedRequest(url: string): boolean {
  return URL.canParse(url) && allowedSchemes.has(new URL(url).protocol);
}

/** Guards every page there will ever be, whoever opens it. Once, before the first window. */
export function hardenPages(log: Logger): void {
  app.on('web-contents-created', (_event, contents) => hardenPage(contents, log));
}

function hardenPage(contents: WebContents, log: Logger): void {
  contents.setWindowOpenHandler(({ url }) => {
    log.warn({ url }, 'A page tried to open a window');
    return { action: 'deny' };
  });
  contents.on('will-frame-navigate', (event) => {
    // Reloading our own page is how a developer works; anything else is not ours.
    if (event.isMainFrame && isOwnPage(event.url)) return;
    log.warn({ url: event.url }, 'A page tried to go elsewhere');
    event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** The address of our page: its origin decides, so that no look-alike passes. */
export function isOwnPage(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}` === appOrigin;
}
