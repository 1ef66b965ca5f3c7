import { fileURLToPath } from 'node:url';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import typescript from 'typescript-eslint';

const root = fileURLToPath(new URL('..', import.meta.url));

export default typescript.config(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      'release/',
      'test-results/',
      'playwright-report/',
      'coverage/',
      'resources/',
      'build/tensorflow/deps/',
      'build/model/work/',
    ],
  },
  {
    files: ['**/*.{js,mjs,ts,svelte}'],
    extends: [typescript.configs.strict],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // With noUncheckedIndexedAccess an `!` behind an index says "in range": the honest form in numeric code.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      'no-cond-assign': 'error',
      'no-dupe-else-if': 'error',
      'no-empty': ['error', { allowEmptyCatch: true }],
      'no-fallthrough': 'error',
      'no-self-assign': 'error',
      'no-sparse-arrays': 'error',
      'no-unreachable': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-escape': 'error',
      'use-isnan': 'error',
      // A request without fields has the empty object as its type.
      '@typescript-eslint/no-empty-object-type': 'off',
      'max-lines': ['error', { max: 350, skipBlankLines: false, skipComments: false }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Exports are named (configs of tools are the exception).',
        },
        {
          selector: 'TSEnumDeclaration, TSModuleDeclaration[kind="namespace"], TSParameterProperty',
          message: 'Node runs the files as they are: erasable syntax only.',
        },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  { files: ['electron/**', 'build/**', 'e2e/**'], languageOptions: { globals: globals.node } },
  { files: ['renderer/**'], languageOptions: { globals: globals.browser } },
  // What talks to a terminal for a living.
  { files: ['electron/cli/**', 'build/**', 'e2e/{bench,screenshots}/**'], rules: { 'no-console': 'off' } },
  // Tools read the default export of their configuration; declarations merge by global blocks.
  {
    files: [
      '**/*.config.{js,ts}',
      'build/playwright*.ts',
      'e2e/fixtures/teardown.ts',
      '**/*.d.ts',
      '**/*.worklet.ts',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: typescript.parser, extraFileExtensions: ['.svelte'] } },
    rules: {
      // `let { a } = $props()` is how props are declared; the plugin's own rule knows.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
      'svelte/no-at-html-tags': 'error',
      'no-restricted-syntax': 'off',
    },
  },
  {
    // State is replaced as a whole ($state.raw), never changed in place: plain sets and maps are right.
    files: ['renderer/**/*.svelte.ts'],
    rules: { 'svelte/prefer-svelte-reactivity': 'off' },
  },
  prettier,
  ...svelte.configs.prettier,
);
