import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { AnalysisStatus } from '#shared/domain.ts';
import { AppError } from '#shared/errors.ts';
import { silentLog } from '#shared/log.ts';
import { createAnalysis } from './analysis.handlers.ts';
import { createTestFolder, openTestLibrary } from './fixtures/library-for-tests.ts';
import { createForkAnalyser } from './fork-analyser.ts';

const TRACKS = 100;

it('waits with the rest while results cannot be stored, says so, and goes on by itself', async () => {
  const folder = createTestFolder();
  const journal = join(folder.path, 'journal');
  writeFileSync(journal, '');
  process.env['CRATEWISE_TEST_JOURNAL'] = journal;
  const begun = (): number => readFileSync(journal, 'utf8').split('\n').filter(Boolean).length;
  const library = openTestLibrary(folder.path);
  for (let at = 0; at < TRACKS; at += 1) library.add(`song${at}.mp3`);

  const { storage } = library;
  let full = false;
  const write = <Result>(work: () => Result): Result => {
    if (full) throw new AppError('disk-full', 'The disk is full.');
    return storage.write(work);
  };
  const told: string[] = [];
  const analysis = createAnalysis({
    ...library,
    storage: { ...storage, write },
    workers: 2,
    spawnAnalyser: createForkAnalyser(new URL('./fixtures/scripted-analyser.ts', import.meta.url)),
    publish: (name, event) => void (name === 'notice' && told.push((event as { code: string }).code)),
    changed: () => {},
    clock: Date.now,
    log: silentLog,
  });
  const status = (): AnalysisStatus =>
    (analysis.handlers['analysis.status'] as (...args: unknown[]) => AnalysisStatus)({}, {});
  try {
    await expect.poll(() => status().active.length, { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
    full = true;
    await expect.poll(() => status().problem, { timeout: 10_000 }).toMatchObject({ code: 'disk-full' });
    await wait(500);
    // What waits in memory is bounded: one batch, and what was in hand.
    expect(begun()).toBeLessThan(60);
    full = false;
    await expect.poll(() => status().queued, { timeout: 20_000 }).toBe(0);
    expect(status()).toMatchObject({ done: TRACKS, problem: null });
    expect(begun()).toBe(TRACKS);
    expect(told).toEqual(['disk-full']);
  } finally {
    await analysis.close();
    storage.close();
    folder.remove();
  }
}, 40_000);
