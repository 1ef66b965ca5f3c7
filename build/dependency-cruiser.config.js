/**
 * The import directions of docs/architecture.md. What no line of `allowed` lists is refused; packages are
 * held to their places by `forbidden`.
 */

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });
/** @param {string} packages regular expression of names @param {string[]} places who may import them */
const only = (packages, places) =>
  forbid(
    `only-there: ${packages}`,
    `This package is importable only from ${places.join(', ')}.`,
    { pathNot: places },
    { path: `(^|/)node_modules/(${packages})(/|$)` },
  );

/** Tests, and what only tests use. */
const tests = '([.](test|fixture)|-for-tests)[.]ts$';
/** Installed outside the root manifest, or not at all: docs/decisions/0003. */
const optionalPackages = '^(@tensorflow/tfjs-node|onnxruntime-node)$';
/** The engine's own odds and ends (events, changes) that every feature shares; engine.ts itself is the door. */
const engineCommon = '^electron/engine/(?!engine[.]ts$)[^/]+[.]ts$';
const analysisPublic = '^electron/engine/analysis/[^/]+[.]ts$';
const engineDoor = '^electron/engine/engine[.]ts$';
/** Hosts run the player's decoder process themselves: music never passes through the engine. */
const playerDoor = '^electron/engine/playing/(player|fork-player)[.]ts$';

const allowed = [
  // Packages and Node itself: see `forbidden`.
  { from: {}, to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'] } },

  {
    from: { path: ['^electron/engine/analysis/analyser/model-backend[.]ts$', '^build/model/'] },
    to: { path: optionalPackages },
  },

  // shared: nothing but itself.
  { from: { path: '^electron/shared/' }, to: { path: '^electron/shared/' } },

  // engine: a feature sees the contract, the storage, the analysis client and similarity.
  {
    from: { path: engineCommon },
    to: { path: [engineCommon, '^electron/engine/storage/', '^electron/shared/'] },
  },
  {
    from: { path: '^electron/engine/storage/' },
    to: { path: ['^electron/engine/storage/', '^electron/shared/', engineCommon, analysisPublic] },
  },
  {
    from: {
      path: '^electron/engine/([^/]+)/',
      pathNot: '^electron/engine/(storage/|analysis/analyser/|playing/player/)',
    },
    to: {
      path: [
        '^electron/engine/$1/',
        '^electron/engine/storage/',
        '^electron/engine/similarity/',
        analysisPublic,
        engineCommon,
        '^electron/shared/',
      ],
      pathNot: '^electron/engine/(analysis/analyser|playing/player)/',
    },
  },
  // What a file says of the fields that are written has to be what the editors will find there.
  {
    from: { path: '^electron/engine/library/tags[.]ts$' },
    to: { path: '^electron/engine/tagging/read-fields[.]ts$' },
  },
  // What runs in processes of its own: the analyser, and the player's decoder, which shares the decoding.
  {
    from: { path: '^electron/engine/playing/player/' },
    to: {
      path: [
        '^electron/engine/playing/player/',
        '^electron/engine/playing/(protocol|wav-format)[.]ts$',
        '^electron/engine/analysis/analyser/(decode[^/]*|waveform)[.]ts$',
        '^electron/engine/analysis/protocol[.]ts$',
        '^electron/engine/parent-link[.]ts$',
        '^electron/shared/',
      ],
    },
  },
  {
    from: { path: '^electron/engine/analysis/analyser/' },
    to: {
      path: [
        '^electron/engine/analysis/analyser/',
        '^electron/engine/analysis/(protocol|model-manifest|model-folder)[.]ts$',
        '^electron/engine/parent-link[.]ts$',
        '^electron/shared/',
      ],
    },
  },
  // The only place that wires.
  {
    from: { path: engineDoor },
    to: {
      path: ['^electron/engine/', '^electron/shared/'],
      pathNot: '^electron/engine/(analysis/analyser|playing/player)/',
    },
  },

  // hosts
  { from: { path: '^electron/host/' }, to: { path: ['^electron/host/', '^electron/shared/'] } },
  {
    from: { path: '^electron/(main|cli|web)/' },
    to: { path: ['^electron/$1/', '^electron/host/', engineDoor, playerDoor, '^electron/shared/'] },
  },
  // `serve` and the terminal start the local web host.
  { from: { path: '^electron/cli/' }, to: { path: '^electron/web/' } },
  {
    from: { path: '^electron/preload/' },
    to: { path: ['^electron/preload/', '^electron/shared/bridge[.]ts$'] },
  },
  {
    from: { path: '^electron/preload/' },
    to: { path: '^electron/shared/', dependencyTypes: ['type-only'] },
  },

  // tests beside their file: synthesised music, and a real engine where the seam is the whole of it.
  { from: { path: `^electron/.*${tests}` }, to: { path: ['^build/demo/', '^build/cache-folder[.]ts$'] } },
  // What the library reads of files that were written.
  {
    from: { path: `^electron/engine/tagging/.*${tests}` },
    to: { path: '^electron/engine/library/tags[.]ts$' },
  },
  // What undoing must restore is made by several features.
  { from: { path: '^electron/engine/edits[.]test[.]ts$' }, to: { path: '^electron/engine/' } },
  // Sets are put in order in playlists, and undone there.
  {
    from: { path: '^electron/engine/sets/sets[.]fixture[.]ts$' },
    to: { path: '^electron/engine/playlists/' },
  },
  {
    from: { path: `^electron/(engine|host|web|cli)/.*${tests}` },
    to: {
      path: [
        engineDoor,
        playerDoor,
        engineCommon,
        '^electron/host/',
        '^electron/shared/',
        '/analyser/model-for-tests[.]ts$',
      ],
    },
  },
  {
    from: { path: `^electron/engine/analysis/.*${tests}` },
    to: { path: '^electron/engine/analysis/' },
  },

  // renderer: views → state → api → shared; components → elements → lib.
  { from: { path: '^renderer/[^/]+$' }, to: { path: ['^renderer/', '^electron/shared/'] } },
  {
    from: { path: '^renderer/views/' },
    to: { path: ['^renderer/(views|state|components|elements|lib|styles)/', '^electron/shared/'] },
  },
  {
    from: { path: '^renderer/state/' },
    to: { path: ['^renderer/(state|api|lib)/', '^electron/shared/'] },
  },
  { from: { path: '^renderer/api/' }, to: { path: ['^renderer/(api|lib)/', '^electron/shared/'] } },
  {
    from: { path: '^renderer/components/' },
    to: { path: ['^renderer/(components|elements|lib)/', '^electron/shared/'] },
  },
  {
    from: { path: '^renderer/elements/' },
    to: { path: ['^renderer/(elements|lib)/', '^electron/shared/'] },
  },
  { from: { path: '^renderer/lib/' }, to: { path: ['^renderer/lib/', '^electron/shared/'] } },

  // build and e2e: the hosts from outside.
  {
    from: { path: '^build/(model|dj)/' },
    to: {
      path: [
        '^build/(model|dj|tensorflow|demo)/',
        '^build/(cache-folder|steps)[.]ts$',
        '^electron/engine/analysis/analyser/',
        analysisPublic,
        '^electron/shared/',
      ],
    },
  },
  {
    from: { path: '^(build|e2e)/', pathNot: '^build/model/' },
    to: {
      path: ['^(build|e2e)/', '^electron/(host|cli|web|main)/', engineDoor, '^electron/shared/'],
      pathNot: '^build/model/',
    },
  },
  // The bench measures parts of the engine, each by itself.
  { from: { path: '^build/bench/' }, to: { path: '^electron/engine/', pathNot: '/analysis/analyser/' } },
];

const forbidden = [
  forbid('no-cycles', 'Two files that need each other are one file, or three.', {}, { circular: true }),
  forbid('resolvable', 'The import leads nowhere.', {}, { couldNotResolve: true, pathNot: optionalPackages }),
  forbid(
    'no-undeclared-package',
    'The package is not in package.json.',
    {},
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  ),
  forbid(
    'product-needs-no-dev-package',
    'What is shipped uses dependencies, not devDependencies (electron itself is the exception).',
    { path: '^electron/', pathNot: tests },
    {
      dependencyTypes: ['npm-dev'],
      dependencyTypesNot: ['type-only'],
      pathNot: '(^|/)node_modules/electron/',
    },
  ),
  forbid(
    'product-needs-no-build',
    'What is shipped knows nothing of how it is made.',
    { path: '^(electron|renderer)/', pathNot: tests },
    { path: '^(build|e2e)/' },
  ),
  forbid(
    'product-needs-no-fixture',
    'What only tests use stays with the tests.',
    { path: '^(electron|renderer)/', pathNot: tests },
    { path: tests },
  ),
  forbid(
    'no-node-in-the-sandbox',
    'This code runs in a sandboxed window, or everywhere.',
    { path: '^(renderer|electron/(shared|preload))/', pathNot: tests },
    { dependencyTypes: ['core'] },
  ),

  only('electron', ['^electron/(main|preload)/', '^build/electron-runtime', '^e2e/']),
  only('better-sqlite3|@types/better-sqlite3', ['^electron/engine/storage/']),
  only('@tensorflow/[^/]+', [
    '^electron/engine/analysis/analyser/model[^/]*[.]ts$',
    '^build/model/',
    '^build/tensorflow/',
  ]),
  only('onnxruntime-node|@tensorflow/tfjs-node', ['^build/(model|tensorflow)/']),
  only('node-av', [
    '^electron/engine/analysis/analyser/decode[^/]*[.]ts$',
    '^electron/engine/playing/player/(decode|encode)[^/]*[.]ts$',
    '^build/demo/encode',
  ]),
  only('chokidar', ['^electron/engine/library/watch[^/]*[.]ts$']),
  only('@napi-rs/xattr', ['^electron/engine/tagging/writing/(attributes|failures[.]test)[.]ts$']),
  only('music-metadata', [
    '^electron/engine/(library|tagging/verifying)/',
    '^electron/engine/tagging/editing/mp3[.]test[.]ts$',
    '^(build/demo|electron/engine/exchange/copy)/.*[.]test[.]ts$',
  ]),
  forbid(
    'not-at-the-start',
    'Loading it takes the engine longer than opening the library: import() it where it is needed.',
    { path: '^electron/', pathNot: tests },
    {
      path: '(^|/)node_modules/music-metadata(/|$)',
      dynamic: false,
      dependencyTypesNot: ['type-only'],
    },
  ),
  // In shared only the contract has schemas; rows and files are checked where they are read.
  only('valibot', ['^electron/shared/contract([.]ts$|/)', '^electron/(engine|host)/']),
  only('commander|cli-progress', ['^electron/cli/']),
  only('svelte|bits-ui|@lucide/svelte|@tanstack/virtual-core|@fontsource-variable/inter', [
    '^renderer/',
    '^build/vitest',
  ]),
];

export default {
  forbidden,
  allowed,
  allowedSeverity: 'error',
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^(dist|release|test-results)/', '^build/tensorflow/(node_modules|deps)/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'build/tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.svelte', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
