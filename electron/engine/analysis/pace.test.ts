import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { createPace } from './pace.ts';

const settings = { analysisPaused: false, analysisWorkers: 4, pauseOnBattery: true };

it('waits for the mains only if it was asked to', () => {
  const computer = { onBattery: true, inFront: false };
  const pace = createPace(settings, { computer: () => computer });
  expect([pace.isPaused(), pace.waitsForMains(), pace.isStopped()]).toEqual([true, true, false]);
  computer.onBattery = false;
  expect(pace.isPaused()).toBe(false);
  computer.onBattery = true;
  pace.heed({ ...settings, pauseOnBattery: false });
  expect(pace.isPaused()).toBe(false);
});

it('takes the number of workers from the caller, then from the settings, then from the machine', () => {
  expect(createPace(settings, { workers: 2 }).workers()).toBe(2);
  expect(createPace(settings, {}).workers()).toBe(4);
  expect(createPace({ ...settings, analysisWorkers: null }, {}).workers()).toBe(availableParallelism());
});

it('leaves a core to whoever looks at the window, unless the number was chosen', () => {
  const computer = () => ({ onBattery: false, inFront: true });
  expect(createPace(settings, { computer }).mostHands()).toBe(8);
  const free = createPace({ ...settings, analysisWorkers: null }, { computer });
  const all = availableParallelism();
  expect(free.mostHands()).toBe(all > 1 ? all - 1 : 2);
});
