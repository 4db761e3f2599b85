import eslint from '@eslint/js'
import {defineConfig} from 'eslint/config'
import tseslint from 'typescript-eslint'

const restrict = (...groups) => ({'no-restricted-imports': ['error', {patterns: groups.map(([group, message]) => ({group, message}))}]})
const google = [['@google-cloud/*', 'google-auth-library', 'google-gax'], 'Only src/gcp knows Google’s clients.']
const terminal = [['chalk', 'listr2', '@inquirer/prompts'], 'Only terminal and reporters draw.']

export default defineConfig(
  {ignores: ['dist', 'node_modules', 'src/templates', 'test/fixtures', 'schemas', '.qlogic']},
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', {assertionStyle: 'never'}],
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true}],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
      ...restrict(google, terminal),
    },
  },
  {files: ['src/gcp/**', 'test/gcp/**'], rules: restrict(terminal)},
  {files: ['src/terminal/**', 'src/reporters/**'], rules: restrict(google)},
  {files: ['scripts/**', 'bin/**', '*.js'], languageOptions: {globals: {process: 'readonly', console: 'readonly', URL: 'readonly'}}},
)
