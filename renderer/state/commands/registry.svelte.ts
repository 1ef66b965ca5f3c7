/** All commands: found by key, by entry of the application menu, and by name. */
import type { MenuCommand } from '#shared/bridge.ts';
import { matchesKeys, takesText, type Keys } from '../../lib/keys.ts';
import type { Command } from './command.ts';

/** A key of the keyboard as the window is told of it. */
type Press = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'target' | 'defaultPrevented' | 'preventDefault'
>;

export class CommandRegistry {
  readonly all: readonly Command[];

  /** Throws where two commands have one name, or one key. */
  constructor(commands: readonly Command[]) {
    const taken = new Map<string, string>();
    for (const { id, keys = [], menu } of commands) {
      for (const name of [
        `id ${id}`,
        ...keys.map((key) => `key ${key}`),
        ...(menu ? [`menu ${menu}`] : []),
      ]) {
        const other = taken.get(name);
        if (other !== undefined) throw new Error(`The commands ${other} and ${id} share the ${name}.`);
        taken.set(name, id);
      }
    }
    this.all = commands;
  }

  byId(id: string): Command {
    const command = this.all.find((one) => one.id === id);
    if (command === undefined) throw new Error(`There is no command ${id}.`);
    return command;
  }

  /** The first key of a command, for menus and tooltips. */
  keysOf(id: string): Keys | undefined {
    return this.byId(id).keys?.[0];
  }

  isEnabled(id: string): boolean {
    return isEnabled(this.byId(id));
  }

  /** Does it, if it can be done now. */
  run(id: string): void {
    const command = this.byId(id);
    if (isEnabled(command)) void command.run();
  }

  /** What can be done now and has a name worth looking for. */
  get available(): readonly Command[] {
    return this.all.filter((command) => command.onlyKeys !== true && isEnabled(command));
  }

  /** A key that nothing inside the window took. The command of it is run; true when there is one. */
  press(event: Press, dialogOpen = false): boolean {
    if (event.defaultPrevented) return false;
    const { target } = event;
    const typing = takesText(target);
    // A button or an entry of a menu answers Space itself.
    if (
      event.key === ' ' &&
      target instanceof HTMLElement &&
      target.closest('button, a, summary, [role^="menu"]')
    )
      return false;
    const command = this.all.find(
      ({ keys, keysOfList, whileTyping }) =>
        keysOfList !== true &&
        (!typing || whileTyping === true) &&
        (keys?.some((key) => matchesKeys(key, event)) ?? false),
    );
    if (command === undefined || !isEnabled(command)) return false;
    if (dialogOpen && command.overDialogs !== true) return false;
    event.preventDefault();
    void command.run();
    return true;
  }

  /** An entry of the application menu was chosen, or its keys pressed: those reach a window with a dialogue, too. */
  menu(entry: MenuCommand, dialogOpen = false): void {
    // What was typed is undone by the text field itself.
    if ((entry === 'undo' || entry === 'redo') && takesText(document.activeElement)) {
      document.execCommand(entry);
      return;
    }
    const command = this.all.find(({ menu }) => menu === entry);
    if (command === undefined || (dialogOpen && command.overDialogs !== true)) return;
    if (isEnabled(command)) void command.run();
  }
}

function isEnabled(command: Command): boolean {
  return command.enabled?.() ?? true;
}
