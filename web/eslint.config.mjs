// The rules of the dashboard's source beside the types: hooks as React wants them, no circle of imports, one style of
// imports, and pages that know nothing of each other.
import { readdirSync } from 'node:fs';

import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import imports from 'eslint-plugin-import-x';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

const areas = readdirSync(new URL('./src/pages', import.meta.url));
const upwards = { group: ['../*'], message: "Import from another folder as '@/folder/file'." };
const pages = { group: ['@/pages/*'], message: 'What pages share is in parts, context and queries.' };
const around = { group: ['@/app/*'], message: 'What the app and its pages share is in parts and context.' };
const layers = ['api', 'queries', 'context', 'parts'];

export default ts.config(
  { ignores: ['dist', 'public', 'scripts', 'toolchain', '*.mjs', 'src/api/schema.ts', 'src/pages/webhooks/verify'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  hooks.configs.flat.recommended,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['vitest.config.ts'] }, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': imports },
    // Without these it does not read the files that are imported, and finds no circle.
    settings: { ...imports.flatConfigs.typescript.settings, 'import-x/resolver-next': [createTypeScriptImportResolver({ project: import.meta.dirname })] },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-duplicates': 'error',
      'import-x/order': ['error', {
        groups: ['builtin', 'external', 'internal', 'sibling'],
        pathGroups: [{ pattern: '@/**', group: 'internal' }],
        'newlines-between': 'ignore',
        alphabetize: { order: 'asc', caseInsensitive: true },
      }],
      'no-restricted-imports': ['error', { patterns: [upwards] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // It is there for its types; what runs is texts/translation.tsx.
      'no-restricted-syntax': ['error',
        { selector: "ImportDeclaration[source.value=/i18next$/][importKind!='type'][specifiers.length>0]", message: 'Import from @/texts/translation.' },
        { selector: 'CallExpression[callee.property.name=/^toLocale.*String$/][arguments.length=0]', message: 'Say in which language: useLocale().' },
      ],
      // A number in a text is what the text says.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `!` says what the types cannot know; the code beside it shows why.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // The code looks at what comes from the server, also where its description says that it cannot be.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidOperator: true }],
    },
  },
  // The layers, each of which knows only those before it; app stands around the pages. context: who is signed in, and in which place.
  ...layers.map((layer, index) => ({
    files: [`src/${layer}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns: [upwards, pages, ...[...layers.slice(index + 1), 'app'].map((other) => ({ group: [`@/${other}/*`], message: `${layer} knows nothing of ${other}.` }))] }] },
  })),
  ...areas.map((area) => ({
    files: [`src/pages/${area}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns: [upwards, around, { ...pages, group: [...pages.group, `!@/pages/${area}`] }] }] },
  })),
);
