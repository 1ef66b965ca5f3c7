/** Numbers that were fitted go into the product as source. */
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { writeWhole } from '../model/workspace.ts';
import { repository } from '../steps.ts';

/** @param path below the repository; laid out as the repository's files are */
export async function writeSource(path: string, text: string): Promise<void> {
  const whole = join(repository, path);
  await writeWhole(whole, await format(text, { ...(await resolveConfig(whole)), filepath: whole }));
}
