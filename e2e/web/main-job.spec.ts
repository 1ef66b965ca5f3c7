import { join } from 'node:path';
import { expect, test } from '../fixtures/web.ts';
import { doMainJob } from '../main-job.ts';
import { LibraryPage } from '../pages/library-page.ts';

test('from a folder of music to an exported playlist, in a browser', async ({
  webApp,
  demo,
  scratch,
}, testInfo) => {
  const library = new LibraryPage(webApp.page);
  const exportFile = join(scratch, 'Friday night.m3u8');
  await doMainJob({
    library,
    demo,
    testInfo,
    exportFile,
    async addFolder(folder) {
      await library.addFolderFromEmptyState();
      const dialog = library.dialog('Add folder');
      await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder);
      await dialog.getByRole('button', { name: 'Add folder' }).click();
    },
    async exportTo(file) {
      const dialog = library.dialog(/Export/);
      await dialog.getByRole('textbox', { name: 'Save as' }).fill(file);
      await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    },
  });
  expect(webApp.pageErrors).toEqual([]);
});
