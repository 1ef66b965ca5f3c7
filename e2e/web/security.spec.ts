/** The local web host, from outside: who may speak to it. */
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from '../fixtures/web.ts';

test('only pages opened with the token are answered', async ({ webApp }) => {
  const { origin } = new URL(webApp.address);
  const rpc = (headers: Record<string, string>) =>
    fetch(`${origin}/rpc/app.info`, {
      method: 'POST',
      body: '{}',
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  expect((await fetch(`${origin}/`)).status).toBe(401);
  expect((await fetch(`${origin}/?token=wrong`, { redirect: 'manual' })).status).toBe(401);
  expect((await rpc({ Origin: origin })).status).toBe(401);

  const cookies = await webApp.page.context().cookies();
  const Cookie = cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ');
  expect(cookies.every((cookie) => cookie.httpOnly && cookie.sameSite === 'Strict')).toBe(true);
  expect((await rpc({ Origin: origin, Cookie })).status).toBe(200);
  expect((await rpc({ Origin: 'https://example.com', Cookie })).status).toBe(403);
  expect((await rpc({ Cookie })).status).toBe(403);
  expect(await statusWithHost(webApp.address, `evil.example:${new URL(origin).port}`, Cookie)).toBe(421);
});

test('it listens on this machine only', async ({ webApp }) => {
  const port = Number(new URL(webApp.address).port);
  const outside = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find((each) => !each.internal && each.family === 'IPv4');
  test.skip(outside === undefined, 'This machine has no address but its own.');
  const reached = await new Promise((resolve) => {
    const socket = connect({ host: outside?.address ?? '', port, timeout: 2_000 });
    for (const failure of ['error', 'timeout'] as const) socket.once(failure, () => resolve(false));
    socket.once('connect', () => resolve(true));
    socket.once('close', () => socket.destroy());
  });
  expect(reached).toBe(false);
});

test('the policy of content is strict there too, and the token leaves the address', async ({ webApp }) => {
  const policy = await webApp.page.evaluate(async () =>
    (await fetch(location.href)).headers.get('content-security-policy'),
  );
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
  expect(webApp.page.url()).not.toContain('token');
});

/** fetch() sets Host by itself; DNS rebinding is another one. */
function statusWithHost(address: string, host: string, cookie: string): Promise<number> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`);
    });
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])));
    socket.on('error', reject);
  });
}
