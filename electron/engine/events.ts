/** The engine's events: typed by name, delivered at once and in order to whoever subscribed. */
import type { EventName, Events } from '#shared/contract.ts';
import type { Logger } from '#shared/log.ts';

export interface EngineEvents {
  publish<Name extends EventName>(name: Name, payload: Events[Name]): void;
  /** Returns the function that ends the subscription. */
  subscribe<Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void): () => void;
  /** Every event, for hosts that relay them. Returns the function that ends the subscription. */
  subscribeAll(listener: (name: EventName, payload: Events[EventName]) => void): () => void;
}

type AnyListener = (name: EventName, payload: Events[EventName]) => void;

/** A listener that throws is logged and never disturbs the publisher or the other listeners. */
export function createEvents(log?: Logger): EngineEvents {
  const listeners = new Set<AnyListener>();

  function subscribeAll(listener: AnyListener): () => void {
    // An own function for each subscription: the same listener may be subscribed twice.
    const own: AnyListener = (name, payload) => listener(name, payload);
    listeners.add(own);
    return () => {
      listeners.delete(own);
    };
  }

  return {
    publish(name, payload) {
      for (const listener of [...listeners]) {
        try {
          listener(name, payload);
        } catch (error) {
          log?.error({ event: name, error }, 'A listener of an event failed');
        }
      }
    },
    subscribe(wanted, listener) {
      return subscribeAll((name, payload) => {
        if (name === wanted) listener(payload as Events[typeof wanted]);
      });
    },
    subscribeAll,
  };
}
