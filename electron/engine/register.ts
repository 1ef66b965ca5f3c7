/** The registration of request handlers: every name of the contract once, none twice. */
import { requests } from '#shared/contract.ts';
import type { Handlers } from '#shared/contract.ts';

/**
 * Joins the handlers of the features.
 * @throws Error when two features register the same name, one registers a name that the contract does not
 * have, or a name has no handler: all defects of ours, found at the first start
 */
export function register(...features: readonly Partial<Handlers>[]): Handlers {
  const all = new Map<string, unknown>();
  for (const feature of features) {
    for (const [name, handler] of Object.entries(feature)) {
      if (!Object.hasOwn(requests, name)) throw new Error(`No request of the contract is named “${name}”.`);
      if (all.has(name)) throw new Error(`Two features register “${name}”.`);
      all.set(name, handler);
    }
  }
  const missing = Object.keys(requests).filter((name) => !all.has(name));
  if (missing.length > 0) throw new Error(`Nobody registers ${missing.join(', ')}.`);
  return Object.fromEntries(all) as unknown as Handlers;
}
