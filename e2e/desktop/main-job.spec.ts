import { join } from 'node:path';
import { expect, test } from '../fixtures/desktop.ts';
import { doMainJob } from '../main-job.ts';
import { LibraryPage } from '../pages/library-page.ts';

test('from a folder of music to an exported playlist', async ({ desktop, demo, scratch }, testInfo) => {
  const library = new LibraryPage(desktop.page);
  const exportFile = join(scratch, 'Friday night.m3u8');
  await doMainJob({
    library,
    demo,
    testInfo,
    exportFile,
    async addFolder(folder) {
      await desktop.chooseFoldersNext([folder]);
      await library.addFolderFromEmptyState();
    },
    async exportTo(file) {
      await desktop.chooseSaveFileNext(file);
      await library
        .dialog(/Export/)
        .getByRole('button', { name: /Export/ })
        .click();
    },
  });
  expect(desktop.pageErrors).toEqual([]);
});
