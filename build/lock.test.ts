/** `npm ci` is the first thing a newcomer runs: what makes it fail is found here first. */
import { expect, test } from 'vitest';
import { denyScripts, readLock } from './lock.ts';

interface LockedPackage {
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { lock, allowScripts } = readLock();
const packages = lock.packages as Readonly<Record<string, LockedPackage>>;

/** Where Node would look for a package that is asked for from this place of the tree. */
function isLocked(from: string, name: string): boolean {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('node_modules/') - 1))) {
    if (`${place === '' ? '' : `${place}/`}node_modules/${name}` in packages) return true;
    if (place === '') return false;
  }
}

test('every dependency is locked, those of other platforms too', () => {
  // A registry that lacked a package when the lock was written leaves a gap, and `npm ci` then refuses the lock.
  const missing = Object.entries(packages).flatMap(([place, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isLocked(place, name))
      .map((name) => `${name}, wanted by ${place}`),
  );
  expect(missing).toEqual([]);
});

test('the lock names no registry', () => {
  expect(Object.values(packages).filter((each) => each.resolved !== undefined)).toEqual([]);
});

test('older versions of npm are kept from install scripts too', () => {
  expect(denyScripts(structuredClone(lock), allowScripts), 'run `npm run lock` and commit the lock').toEqual(
    [],
  );
});

test('only packages that are denied are marked', () => {
  const small = {
    packages: {
      '': {},
      'node_modules/a': { hasInstallScript: true },
      'node_modules/x/node_modules/@scope/b': { hasInstallScript: true },
      'node_modules/c': { hasInstallScript: true },
    },
  };
  expect(denyScripts(small, { a: true, '@scope/b': false })).toEqual(['@scope/b']);
  expect(small.packages['node_modules/x/node_modules/@scope/b']).toEqual({ gypfile: false });
  expect(small.packages['node_modules/a']).toEqual({ hasInstallScript: true });
});
