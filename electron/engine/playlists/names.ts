/** Names of playlists are unique, whatever the case: the command line and DJ software know a playlist by its name. */

export function isTaken(name: string, taken: readonly string[]): boolean {
  return taken.some((other) => fold(other) === fold(name));
}

/** The name itself, or with the first number that makes it free: "House", "House 2", … */
export function freeName(name: string, taken: readonly string[]): string {
  const folded = new Set(taken.map(fold));
  if (!folded.has(fold(name))) return name;
  for (let number = 2; ; number++) {
    const numbered = `${name} ${number}`;
    if (!folded.has(fold(numbered))) return numbered;
  }
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
