/** What is proposed and how it is written, unless the user says otherwise: nothing that a person wrote is touched. */
import * as v from 'valibot';
import { tagPolicy } from '#shared/contract/tagging.ts';
import type { TagPolicy } from '#shared/domain.ts';
import type { Database } from '#engine/storage/database.ts';
import { readValue, writeValue } from '#engine/storage/library/settings.ts';

export const defaultPolicy: TagPolicy = {
  fields: {
    genre: { mode: 'empty', minimumConfidence: 0.5, most: 2 },
    mood: { mode: 'off', minimumConfidence: 0.6, most: 3 },
    grouping: { mode: 'off', minimumConfidence: 0.5, most: 1 },
  },
  genreLevel: 'styles',
  groupingFrom: 'families',
  names: {},
  joinWith: null,
  separator: '; ',
  secondaryTags: 'in-step',
  keepModifiedTime: true,
  preferInPlace: true,
};

const key = 'tagPolicy';

/** The user's policy; where it is absent or unreadable, the default. */
export function readPolicy(database: Database): TagPolicy {
  const stored = readValue(database, key);
  if (typeof stored !== 'object' || stored === null) return defaultPolicy;
  // A part that a newer version added is the default until the user says otherwise.
  const parsed = v.safeParse(tagPolicy, { ...defaultPolicy, ...stored });
  return parsed.success ? parsed.output : defaultPolicy;
}

/** Replaces the given parts. Call it inside a transaction. */
export function writePolicy(
  database: Database,
  changes: { readonly [Part in keyof TagPolicy]?: TagPolicy[Part] | undefined },
): TagPolicy {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const policy: TagPolicy = { ...readPolicy(database), ...given };
  writeValue(database, key, policy);
  return policy;
}
