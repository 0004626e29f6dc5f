import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import prettierRecommended from 'eslint-plugin-prettier/recommended';
import globals from 'globals';
import jupyterPlugin from '@jupyter/eslint-plugin';

// The house: lower layers first. A folder may import from layers below its own.
const LAYERS = [
  ['base'],
  ['mlflow'],
  ['runtable'],
  ['store', 'gateway', 'kernel'],
  ['tracking'],
  ['runs', 'association', 'charts', 'ui'],
  ['table', 'artifacts', 'differences'],
  [
    'panel',
    'experiment',
    'run',
    'compare',
    'registry',
    'cellbadge',
    'reproduce',
    'mime',
    'automl'
  ],
  ['plugins']
];
// Pages reach the network through the session that tracking gives them.
const PAGES = LAYERS[7];
const PRIVATE_TO_TRACKING = ['store', 'gateway', 'kernel'];
// The two that may not import Jupyter: they run in any JavaScript engine.
const WITHOUT_JUPYTER = ['base', 'mlflow', 'runtable', 'store', 'runs'];

/** Folders that files of `folder` must not import. */
function forbidden(folder) {
  const level = LAYERS.findIndex(layer => layer.includes(folder));
  const above = LAYERS.slice(level).flat();
  const below = PAGES.includes(folder) ? PRIVATE_TO_TRACKING : [];
  return [...above, ...below].filter(other => other !== folder);
}

function layerRules(folder) {
  const patterns = [
    {
      regex: `^(\\.\\./)+(${forbidden(folder).join('|')})/`,
      message: `Bad layering: ${folder}/ must not import from there.`
    }
  ];
  if (WITHOUT_JUPYTER.includes(folder)) {
    patterns.push({
      regex: '^@jupyterlab/',
      message: `${folder}/ runs without JupyterLab.`
    });
  }
  return patterns;
}

/** Packages that only one place may import. */
const OWNED = [
  { regex: '^idb$', owner: ['src/store/**'], name: 'idb' },
  { regex: '^apache-arrow', owner: ['src/runtable/fromarrow.ts'], name: 'Arrow' },
  { regex: '^plotly\\.js', owner: ['src/charts/plotly.ts'], name: 'Plotly' },
  { regex: '^react(-dom)?($|/)', owner: ['src/**/*.tsx'], name: 'React' }
];

const folderConfigs = LAYERS.flat().flatMap(folder => {
  const rules = layerRules(folder);
  const blocks = [];
  for (const isTsx of [false, true]) {
    const owned = OWNED.filter(
      own =>
        !(own.name === 'React' && isTsx) &&
        !(own.name === 'idb' && folder === 'store')
    ).map(own => ({
      regex: own.regex,
      message: `${own.name} is imported in ${own.owner.join(', ')} only.`
    }));
    blocks.push({
      files: [`src/${folder}/**/*.${isTsx ? 'tsx' : 'ts'}`],
      rules: {
        'no-restricted-imports': ['error', { patterns: [...rules, ...owned] }]
      }
    });
  }
  return blocks;
});

export default defineConfig([
  {
    ignores: [
      'node_modules',
      'lib',
      'coverage',
      '**/*.js',
      '**/*.mjs',
      '**/*.mts',
      '**/*.d.ts',
      'jupyterlab_experiments',
      'ui-tests'
    ]
  },
  js.configs.recommended,
  tseslint.configs.recommended,
  { plugins: { jupyter: jupyterPlugin } },
  jupyterPlugin.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      globals: { ...globals.browser, ...globals.es2020 },
      parserOptions: {
        project: 'tsconfig.test.json',
        sourceType: 'module'
      }
    },
    rules: {
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          custom: { regex: '^I[A-Z]', match: true }
        }
      ],
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ],
      '@typescript-eslint/ban-ts-comment': 'error',
      // A token and its interface share their name, as JupyterLab's own do.
      'no-redeclare': 'off',
      '@typescript-eslint/no-redeclare': 'off',
      curly: ['error', 'all'],
      eqeqeq: 'error',
      'prefer-arrow-callback': 'error',
      complexity: ['error', 8],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 40 }],
      'max-params': ['error', 3],
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'no-warning-comments': 'error'
    }
  },
  {
    // A component's markup counts as its lines.
    files: ['**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 80 }] }
  },
  {
    // A plugin's parameters are the services it asks for.
    files: ['src/plugins/*'],
    rules: { 'max-params': 'off' }
  },
  ...folderConfigs,
  {
    files: ['src/tokens.ts', 'src/commands.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^\\./(?!mlflow/|runtable/)`,
              message: 'The public contract imports no implementation.'
            }
          ]
        }
      ]
    }
  },
  {
    files: ['src/runtable/fromarrow.ts', 'src/charts/plotly.ts'],
    rules: { 'no-restricted-imports': 'off' }
  },
  {
    // The text of a describe is as long as its behaviour has cases.
    files: ['**/__tests__/**'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-imports': 'off',
      'jupyter/no-untranslated-string': 'off'
    }
  },
  prettierRecommended
]);
