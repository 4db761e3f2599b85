import {describe, expect, it, test} from 'vitest'
import {readAngular} from '../../src/repo/packages/angular.ts'
import {readNodePackages} from '../../src/repo/packages/node-packages.ts'
import {readRuff} from '../../src/repo/packages/ruff.ts'
import {readingOf, type Texts} from '../support/repository.ts'

const packages = (texts: Texts, ignored?: string[]) => readingOf(texts, ignored).read(readNodePackages)

describe('package.json', () => {
  it('gives scripts and dependencies with their lines', async () => {
    const {packages: found, unread} = await packages({
      'web/package.json': `{
  "name": "web",
  "private": true,
  "packageManager": "pnpm@9.1.0",
  "scripts": {
    "lint": "ng lint",
    "broken": 1
  },
  "dependencies": {"@angular/core": "^17.0.0"},
  "devDependencies": {
    "typescript": "~5.2"
  },
  "workspaces": {"packages": ["libs/*"]}
}`,
      'web/pnpm-lock.yaml': '',
    })
    expect(unread).toEqual([])
    expect(found).toEqual([
      {
        file: 'web/package.json',
        folder: 'web',
        name: 'web',
        private: true,
        scripts: [{name: 'lint', command: 'ng lint', file: 'web/package.json', line: 6}],
        dependencies: [
          {name: '@angular/core', range: '^17.0.0', group: 'runtime', file: 'web/package.json', line: 9},
          {name: 'typescript', range: '~5.2', group: 'dev', file: 'web/package.json', line: 11},
        ],
        workspaces: [{pattern: 'libs/*', file: 'web/package.json', line: 13}],
        pnpmWorkspace: false,
        packageManager: {value: 'pnpm@9.1.0', line: 4},
        locks: [{file: 'web/pnpm-lock.yaml', manager: 'pnpm'}],
        locksAbove: false,
        ignoredLocks: [],
      },
    ])
  })

  it.each([
    ['package-lock.json', 'npm'],
    ['npm-shrinkwrap.json', 'npm'],
    ['yarn.lock', 'yarn'],
    ['pnpm-lock.yaml', 'pnpm'],
    ['bun.lock', 'bun'],
    ['bun.lockb', 'bun'],
  ])('finds %s beside or above', async (name, manager) => {
    const {packages: found} = await packages({'package.json': '{}', 'apps/web/package.json': '{}', [name]: ''})
    expect(found.map(({locks, locksAbove}) => ({locks, locksAbove}))).toEqual([
      {locks: [{file: name, manager}], locksAbove: true},
      {locks: [{file: name, manager}], locksAbove: false},
    ])
  })

  it('says which lock git would keep out', async () => {
    const {packages: found} = await packages({'web/package.json': '{}', 'other/package-lock.json': '{}'}, ['web/package-lock.json'])
    expect(found[0]).toMatchObject({locks: [], locksAbove: false, ignoredLocks: ['web/package-lock.json']})
  })

  it.each([
    ['{"scripts": {"a": "b",}}', 1],
    ['{\n// comment\n}', 2],
    ['', 1],
    ['{"a": 1', 1],
  ])('%j is not JSON', async (text, line) => {
    const {packages: found, unread} = await packages({'package.json': text})
    expect(found).toEqual([])
    expect(unread.map(({why, ...place}) => ({...place, why: why.slice(0, 8)}))).toEqual([{file: 'package.json', line, why: 'not JSON'}])
  })

  it('that is something else than an object has nothing', async () => {
    const {packages: found} = await packages({'package.json': '[1, "x"]', 'a/package.json': '{"scripts": [], "workspaces": "x"}'})
    expect(found.map(({scripts, dependencies}) => [...scripts, ...dependencies])).toEqual([[], []])
  })
})

test('angular.json, with comments', async () => {
  const {workspaces, unread} = await readingOf({
    'web/angular.json': `{
  // the workspace
  "version": 1,
  "projects": {
    "shop": {
      "projectType": "application",
      "root": "",
      "sourceRoot": "src",
      "architect": {
        "build": {
          "builder": "@angular-devkit/build-angular:application",
          "options": {"outputPath": "dist/shop", "optimization": {"scripts": true}},
          "configurations": {
            "production": {
              "fileReplacements": [
                {"replace": "src/environments/environment.ts", "with": "src/environments/environment.prod.ts"},
                {"src": "./src/a.ts", "replaceWith": "src/b.ts"},
                {"replace": "only"}
              ],
              "outputHashing": "all",
            },
            "development": {"optimization": false, "sourceMap": true}
          },
          "defaultConfiguration": "production"
        },
        "serve": {"builder": "x:dev-server", "configurations": {"production": {"buildTarget": "shop:build:production"}}}
      }
    }
  }
}`,
  }).read(readAngular)
  expect(unread).toEqual([])
  const nothing = {outputHashing: null, outputPath: null, optimization: null, sourceMap: null, buildTarget: null, fileReplacements: []}
  expect(workspaces).toEqual([
    {
      file: 'web/angular.json',
      folder: 'web',
      projects: [
        {
          name: 'shop',
          type: 'application',
          root: 'web',
          sourceRoot: 'web/src',
          file: 'web/angular.json',
          line: 5,
          targets: [
            {
              name: 'build',
              builder: '@angular-devkit/build-angular:application',
              defaultConfiguration: {name: 'production', line: 24},
              line: 10,
              options: {...nothing, outputPath: 'dist/shop', optimization: true, line: 12},
              configurations: [
                {
                  ...nothing,
                  name: 'production',
                  outputHashing: 'all',
                  line: 14,
                  fileReplacements: [
                    {replace: 'web/src/environments/environment.ts', with: 'web/src/environments/environment.prod.ts', line: 16},
                    {replace: 'web/src/a.ts', with: 'web/src/b.ts', line: 17},
                  ],
                },
                {...nothing, name: 'development', optimization: false, sourceMap: true, line: 22},
              ],
            },
            {
              name: 'serve',
              builder: 'x:dev-server',
              defaultConfiguration: null,
              line: 26,
              options: {...nothing, line: 26},
              configurations: [{...nothing, name: 'production', buildTarget: 'shop:build:production', line: 26}],
            },
          ],
        },
      ],
    },
  ])
})

test('projects of Nx, and an angular.json that is not JSON', async () => {
  const {workspaces, unread} = await readingOf({
    'nx.json': '{}',
    'apps/web/project.json':
      '{"name": "web", "sourceRoot": "apps/web/src", "targets": {"build": {"executor": "@nx/angular:application", "options": {"outputPath": {"base": "dist/web"}}}}}',
    'x/angular.json': '{"projects": {',
  }).read(readAngular)
  expect(workspaces).toMatchObject([
    {
      folder: '',
      projects: [
        {
          name: 'web',
          root: 'apps/web',
          sourceRoot: 'apps/web/src',
          targets: [{name: 'build', builder: '@nx/angular:application', options: {outputPath: 'dist/web'}}],
        },
      ],
    },
  ])
  expect(unread).toMatchObject([{file: 'x/angular.json', line: 1}])
})

test('settings of ruff', async () => {
  const {settings, unread} = await readingOf({
    'pyproject.toml': `[tool.ruff]
line-length = 100
exclude = ["migrations"]
[tool.ruff.lint]
select = ["E", "F"]
ignore = ["F401"]
[tool.ruff.lint.per-file-ignores]
"__init__.py" = ["F401"]
`,
    'old/ruff.toml': 'extend = "../pyproject.toml"\nextend-select = ["I"]\nextend-exclude = ["gen"]\nrequired-version = ">=0.6"\n',
    'old/pyproject.toml': '[tool.ruff]\nselect = []\n',
    'other/pyproject.toml': '[tool.black]\n# ruff is not used\n',
    'bad/.ruff.toml': 'select = [\n',
  }).read(readRuff)
  const nothing = {
    extend: null,
    select: null,
    extendSelect: [],
    ignore: [],
    extendIgnore: [],
    perFileIgnores: [],
    exclude: null,
    extendExclude: [],
    requiredVersion: null,
  }
  expect(settings).toEqual([
    {
      ...nothing,
      file: 'pyproject.toml',
      folder: '',
      line: 1,
      select: [
        {value: 'E', line: 5},
        {value: 'F', line: 5},
      ],
      ignore: [{value: 'F401', line: 6}],
      perFileIgnores: [{pattern: '__init__.py', rules: ['F401'], line: 8}],
      exclude: [{value: 'migrations', line: 3}],
    },
    {
      ...nothing,
      file: 'old/ruff.toml',
      folder: 'old',
      line: 1,
      extend: 'pyproject.toml',
      extendSelect: [{value: 'I', line: 2}],
      extendExclude: [{value: 'gen', line: 3}],
      requiredVersion: '>=0.6',
    },
  ])
  expect(unread).toMatchObject([{file: 'bad/.ruff.toml'}])
})
