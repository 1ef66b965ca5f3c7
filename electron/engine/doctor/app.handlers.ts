/** Requests about the program itself. */
import { dirname } from 'node:path';
import type { ModelFolder } from '#engine/analysis/model-folder.ts';
import type { Handlers } from '#shared/contract.ts';
import type { HostKind } from '#shared/domain.ts';
import { examine } from './doctor.ts';
import type { DoctorOptions } from './doctor.ts';

export interface AppOptions extends DoctorOptions {
  readonly version: string;
  readonly host: HostKind;
  readonly model: ModelFolder;
}

export function createAppHandlers(options: AppOptions): Pick<Handlers, 'app.info' | 'app.doctor'> {
  const { path, manifest } = options.model;
  return {
    'app.info': () => ({
      version: options.version,
      host: options.host,
      libraryFile: options.libraryFile,
      dataDir: dirname(options.libraryFile),
      model: {
        name: manifest.name,
        version: manifest.version,
        embeddingSize: manifest.embeddingSize,
        genreCount: manifest.genres.length,
        folder: path,
      },
    }),
    'app.doctor': () => examine(options),
  };
}
