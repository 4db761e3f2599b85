import {ignoreFiles, restrictFile} from '../../changes/repository.ts'
import {disableKey} from '../../changes/service-accounts.ts'
import {fail, notApplicable, pass, warn, type FileEvidence} from '../../engine/finding.ts'
import type {ServiceAccountKey} from '../../gcp/cloud.ts'
import type {KeyFile} from '../../repo/repo.ts'
import {defineItem} from '../define-item.ts'
import {problem, worst} from '../worst.ts'

/** Lines of .gitignore, each with a path that it must cover. */
const patterns = {'tf-key.json': 'tf-key.json', '*-key.json': 'qlogic-key.json'}

/** `live`: the key in IAM; undefined where it is gone, of another project, or could not be asked for. */
type Found = KeyFile & {live: ServiceAccountKey | undefined}
type Observed = {files: readonly Found[]; uncovered: readonly string[]} | 'no-repository'

const isWide = ({mode = 0o600}: KeyFile): boolean => (mode & 0o077) !== 0
const isExposed = ({where, ignored}: KeyFile): boolean => where === 'worktree' && !ignored
const row = (file: string, expected: string, actual: string): FileEvidence => ({file, line: 1, expected, actual})
const inIam = ({live}: Found): string => (live === undefined ? '' : live.disabled ? ', disabled in IAM' : ', still enabled in IAM')

export default defineItem<Observed>({
  async observe({cloud, repo}, {config}) {
    if (repo === undefined) return 'no-repository'
    const find = async (file: KeyFile): Promise<Found> => {
      const email = file.clientEmail ?? ''
      if (file.where === 'worktree' || !email.endsWith(`@${config.projectId}.iam.gserviceaccount.com`)) return {...file, live: undefined}
      // A leak is a leak whether or not IAM can be asked about the key: what the catalogue observes is local.
      const keys = await cloud.iam.userKeys(email).catch(() => [])
      return {...file, live: keys.find(({name}) => name.endsWith(`/keys/${file.keyId}`))}
    }
    const files = await Promise.all((await repo.keyFiles()).map(find))
    const lines = await Promise.all(Object.entries(patterns).map(async ([line, probe]) => ((await repo.ignores(probe)) ? [] : [line])))
    return {files, uncovered: lines.flat()}
  },

  evaluate(observed) {
    if (observed === 'no-repository') return notApplicable('KEY_FILE_NO_REPOSITORY')
    const {files, uncovered} = observed
    const of = (those: readonly Found[], expected: string, actual: (file: Found) => string) =>
      [those.map((file) => row(file.path, expected, actual(file))), {paths: [...new Set(those.map(({path}) => path))].join(', ')}] as const
    const at = (where: KeyFile['where']) => files.filter((file) => file.where === where)
    const kept = at('worktree').filter(({ignored}) => ignored)
    const lines = uncovered.map((line) => row('.gitignore', line, 'absent'))
    return worst(
      [
        problem(fail, 'KEY_FILE_TRACKED', ...of(at('tracked'), 'no key in git', (file) => `key ${file.keyId} tracked${inIam(file)}`)),
        problem(
          fail,
          'KEY_FILE_IN_HISTORY',
          ...of(at('history'), 'no key in any commit', (file) => `key ${file.keyId} in a commit${inIam(file)}`),
        ),
        problem(
          fail,
          'KEY_FILE_NOT_IGNORED',
          ...of(files.filter(isExposed), 'ignored by git', ({keyId}) => `key ${keyId} can be committed`),
        ),
        problem(warn, 'KEY_FILE_READABLE', ...of(files.filter(isWide), 'mode 0600', ({mode = 0}) => `mode 0${(mode & 0o777).toString(8)}`)),
        problem(warn, 'KEY_FILE_IN_WORKTREE', ...of(kept, 'outside the work tree', ({keyId}) => `key ${keyId}, ignored`)),
        problem(warn, 'KEY_FILE_PATTERNS_MISSING', lines, {lines: uncovered.join(', ')}),
      ],
      pass('KEY_FILE_NONE', [row('.gitignore', Object.keys(patterns).join(', '), 'covered')]),
    )
  },

  plan(observed) {
    if (observed === 'no-repository') return []
    const {files, uncovered} = observed
    const ownLines = files.filter((file) => isExposed(file) && !file.path.endsWith('-key.json')).map(({path}) => `/${path}`)
    const lines = [...uncovered, ...ownLines]
    const live = new Set(files.flatMap((file) => (file.live === undefined || file.live.disabled ? [] : [file.live.name])))
    return [
      ...[...live].map((name) => disableKey(name, 'this key is in the repository, so it counts as leaked')),
      ...(lines.length === 0 ? [] : [ignoreFiles(lines)]),
      ...files.filter(isWide).map(({path, mode = 0o600}) => restrictFile(path, mode)),
    ]
  },
})
