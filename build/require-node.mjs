/**
 * Loaded before every script of package.json (`node --import`): a Node that cannot run this code says so
 * in a sentence, where it would otherwise crash in a native module or on the first type annotation.
 * Plain JavaScript on purpose: an old Node has to be able to read it.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 22)) {
  console.error(
    `Cratewise needs Node 22.22 or newer, and this is Node ${process.versions.node} (${process.execPath}).\n` +
      'Node 24 comes with `npm ci`: start this through npm (npm start, npm test, npm run …), and if that is what\n' +
      'you did, run `npm ci` again with install scripts allowed for the package "node".',
  );
  process.exit(1);
}
