/** The Electron security list of the product, line by line, in the real app. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeWav } from '#build/demo/wav.ts';
import type { BridgeReply } from '#shared/bridge.ts';
import { expect, test, type Desktop } from '../fixtures/desktop.ts';
import { LibraryPage } from '../pages/library-page.ts';

/** A request over the bridge, whatever its name and payload. */
function ask(desktop: Desktop, name: string, input: unknown): Promise<BridgeReply> {
  return desktop.page.evaluate(
    ([id, wanted, payload]) => window.cratewise.request(id as number, wanted as string, payload),
    [900_000 + Math.floor(Math.random() * 90_000), name, input],
  );
}

/** A window that is not ours: no policy of content, and the app's own preload script. */
async function inForeignWindow(desktop: Desktop, script: string): Promise<unknown> {
  return desktop.app.evaluate(async ({ app, BrowserWindow }, code) => {
    const foreign = new BrowserWindow({
      show: false,
      webPreferences: { preload: `${app.getAppPath()}/dist/electron/preload.cjs`, sandbox: true },
    });
    try {
      await foreign.loadURL('data:text/html,<title>foreign</title>');
      return (await foreign.webContents.executeJavaScript(code)) as unknown;
    } finally {
      foreign.destroy();
    }
  }, script);
}

test('the page is isolated, sandboxed and has no Node', async ({ desktop }) => {
  const preferences = await desktop.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    return contents.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  });
  const globals = await desktop.page.evaluate(() => {
    const names = [
      'require',
      'process',
      'module',
      'Buffer',
      'global',
      '__dirname',
      'ipcRenderer',
      'electron',
    ];
    return names.filter((name) => name in globalThis);
  });
  expect(globals).toEqual([]);
});

test('the bridge has its functions and nothing else', async ({ desktop }) => {
  const keys = await desktop.page.evaluate(() => Object.keys(window.cratewise).sort());
  expect(keys).toEqual([
    'cancel',
    'chooseFile',
    'chooseFolder',
    'chooseFolders',
    'chooseSaveFile',
    'onMenu',
    'openDataFolder',
    'pathsOf',
    'prepareDrag',
    'request',
    'revealTrack',
    'setZoom',
    'startDrag',
    'subscribe',
  ]);
});

test('the content security policy is strict and in force', async ({ desktop }) => {
  const policy = await desktop.page.evaluate(async () => {
    const answer = await fetch(location.href);
    return answer.headers.get('content-security-policy') ?? '';
  });
  expect(policy).toContain("default-src 'self'");
  expect(policy).toMatch(/media-src 'self' media:/);
  expect(policy).toMatch(/img-src 'self' media:/);
  expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);

  const ran = await desktop.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.hacked = true';
    document.head.append(script);
    const box = document.createElement('div');
    box.innerHTML = '<img src="app://cratewise/none.png" onerror="window.hacked = true">';
    document.body.append(box);
    // Later, because what the debugger calls itself may evaluate whatever the policy says.
    return new Promise((resolve) =>
      setTimeout(() => {
        let evaluated = true;
        try {
          new Function('return 1')();
        } catch {
          evaluated = false;
        }
        script.remove();
        box.remove();
        resolve({ hacked: window.hacked === true, evaluated });
      }, 300),
    );
  });
  expect(ran).toEqual({ hacked: false, evaluated: false });
});

test('app:// serves the built page only, and file:// nothing', async ({ desktop }) => {
  expect(desktop.page.url()).toBe('app://cratewise/');
  const statuses = await desktop.page.evaluate(() =>
    Promise.all(
      ['/..%2f..%2fpackage.json', '/..%5c..%5cpackage.json', '/%2e%2e/electron/main.js', '/none.js'].map(
        async (path) => (await fetch(path)).status,
      ),
    ),
  );
  expect(statuses).toEqual([404, 404, 404, 404]);
  const read = await inForeignWindow(
    desktop,
    `fetch('file:///etc/hostname').then(() => 'read', () => 'refused')`,
  );
  expect(read).toBe('refused');
});

test.describe('the network', () => {
  let server: Server;
  let hits: string[];
  let port: number;
  test.beforeAll(async () => {
    hits = [];
    server = createServer((request, response) => {
      hits.push(request.url ?? '');
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.end('ok');
    });
    server.on('upgrade', (request, socket) => {
      hits.push(`upgrade ${request.url}`);
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  test.afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));

  test('no request leaves: not from our page, not from another, not from main', async ({ desktop }) => {
    const script = `(async () => {
      const attempts = {
        fetch: fetch('http://127.0.0.1:${port}/fetch').then(() => 'answered', () => 'refused'),
        secure: fetch('https://127.0.0.1:${port}/secure').then(() => 'answered', () => 'refused'),
        socket: new Promise((resolve) => {
          try {
            const socket = new WebSocket('ws://127.0.0.1:${port}/socket');
            socket.onopen = () => resolve('answered');
            socket.onerror = () => resolve('refused');
          } catch { resolve('refused'); }
        }),
        image: new Promise((resolve) => {
          const image = new Image();
          image.onload = image.onerror = () => resolve('ended');
          image.src = 'http://127.0.0.1:${port}/image';
        }),
        beacon: navigator.sendBeacon('http://127.0.0.1:${port}/beacon', 'x'),
      };
      const names = Object.keys(attempts);
      const results = await Promise.all(Object.values(attempts));
      return Object.fromEntries(names.map((name, index) => [name, results[index]]));
    })()`;
    const refused = { fetch: 'refused', secure: 'refused', socket: 'refused', image: 'ended' };
    expect(await desktop.page.evaluate(script)).toMatchObject(refused);
    expect(await inForeignWindow(desktop, script)).toMatchObject(refused);
    const fromMain = await desktop.app.evaluate(
      ({ net }, url) =>
        net.fetch(url).then(
          () => 'answered',
          () => 'refused',
        ),
      `http://127.0.0.1:${port}/main`,
    );
    expect(fromMain).toBe('refused');
    expect(hits).toEqual([]);
  });
});

test('the page goes nowhere else and opens nothing', async ({ desktop }) => {
  const { page, app } = desktop;
  const own = page.url();
  for (const address of ['https://example.com/', 'app://elsewhere/', 'media://track/1', 'data:text/html,x']) {
    await page.evaluate((url) => void (location.href = url), address);
    await page.waitForTimeout(150); // a refused navigation has no event to wait for
    expect(page.url()).toBe(own);
  }
  const opened = await page.evaluate(() =>
    ['https://example.com/', 'app://cratewise/', 'about:blank'].map((url) => window.open(url) === null),
  );
  expect(opened).toEqual([true, true, true]);
  await page.evaluate(() => {
    const webview = document.createElement('webview');
    webview.setAttribute('src', 'app://cratewise/');
    const frame = document.createElement('iframe');
    frame.src = 'app://cratewise/';
    document.body.append(webview, frame);
  });
  await page.waitForTimeout(300);
  const contents = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((each) => [each.getType(), each.mainFrame.framesInSubtree.length]),
  );
  const frames = await page.evaluate(() =>
    [...document.querySelectorAll('iframe')].map((f) => f.contentDocument),
  );
  expect(contents.filter(([type]) => type === 'window')).toHaveLength(1);
  expect(contents.some(([type]) => type === 'webview')).toBe(false);
  expect(frames).toEqual([null]); // an error page of another origin
});

test('no permission is given', async ({ desktop }) => {
  const answers = await desktop.page.evaluate(async () => {
    const refused = (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'given',
        () => 'refused',
      );
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi'];
    return {
      states: await Promise.all(
        names.map(
          async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
        ),
      ),
      notification: await Notification.requestPermission(),
      media: await refused(navigator.mediaDevices.getUserMedia({ audio: true })),
      screen: await refused(navigator.mediaDevices.getDisplayMedia()),
      location: await refused(
        new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject)),
      ),
      clipboard: await refused(navigator.clipboard.readText()),
    };
  });
  expect(answers).toEqual({
    states: Array.from({ length: 6 }, () => 'denied'),
    notification: 'denied',
    media: 'refused',
    screen: 'refused',
    location: 'refused',
    clipboard: 'refused',
  });
});

test('requests are checked: name, payload, id', async ({ desktop }) => {
  const refusal = async (name: string, input: unknown): Promise<unknown> => {
    const reply = await ask(desktop, name, input);
    return reply.ok ? 'answered' : reply.error.code;
  };
  expect(await refusal('app.info', {})).toBe('answered');
  for (const name of ['nope', '__proto__', 'constructor', 'app.info '])
    expect(await refusal(name, {})).toBe('unknown-request');
  expect(await refusal('tracks.get', { trackId: '1' })).toBe('bad-request');
  expect(await refusal('tracks.get', { trackId: 1, path: '/etc/passwd' })).toBe('bad-request');
  expect(await refusal('library.addFolders', { paths: [] })).toBe('bad-request');
  expect(await refusal('tracks.window', { query: {}, sort: [], offset: 0, limit: 1e9 })).toBe('bad-request');
  const noNumber = await desktop.page.evaluate(() =>
    window.cratewise.request('x' as unknown as number, 'app.info', {}),
  );
  expect(noNumber).toMatchObject({ ok: false, error: { code: 'bad-request' } });
});

test('an export goes only to a file that the user chose', async ({ desktop, scratch }) => {
  const file = `${scratch}/never.m3u8`;
  const reply = await ask(desktop, 'playlists.export', {
    playlistId: 1,
    format: 'm3u8',
    file,
    overwrite: true,
  });
  expect(reply).toMatchObject({ ok: false, error: { code: 'bad-request' } });
});

test('names and tags that are markup are shown as text and run nothing', async ({ launch, scratch }) => {
  const folder = `${scratch}/music`;
  const markup = '<img src=x onerror="window.hacked = true">';
  await mkdir(folder);
  const samples = Float32Array.from({ length: 16_000 }, (_, at) => Math.sin(at / 9) / 2);
  const audio = { samples, sampleRateHz: 16_000, channels: 1 };
  await writeWav(`${folder}/${markup}.wav`, audio, { title: markup, artist: markup, album: markup });
  await writeFile(`${folder}/<b>broken<b>.mp3`, 'no music');
  const desktop = await launch({ dataDir: `${scratch}/data`, folders: [folder] });
  const library = new LibraryPage(desktop.page);
  await expect.poll(() => library.rowCount()).toBe(2);
  await library.rows.filter({ hasText: markup }).first().click();
  await expect(library.details).toContainText(markup);
  await library.search(markup);
  const found = await desktop.page.evaluate(() => ({
    hacked: window.hacked === true,
    elements: document.querySelectorAll('img[src="x"], b').length,
  }));
  expect(found).toEqual({ hacked: false, elements: 0 });
});

test('a page that is not ours gets no answer', async ({ desktop }) => {
  const answer = await inForeignWindow(
    desktop,
    `window.cratewise.request(1, 'app.info', {}).then((reply) => 'answered', (error) => String(error))`,
  );
  expect(answer).toContain('untrusted-sender');
  const dialogue = await inForeignWindow(
    desktop,
    `window.cratewise.chooseFolders().then(() => 'answered', (error) => String(error))`,
  );
  expect(dialogue).toContain('untrusted-sender');
});
