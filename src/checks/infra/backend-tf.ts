import {readTerraform, type Root, type TerraformFacts, type Value} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, unreadable, type Target} from '../targets.ts'
import {concludeTerraform, environmentRoots, nowhere, titleOf} from '../terraform-resources.ts'
import {described, textOf, valueAt} from '../terraform-values.ts'

const expected = 'a gcs backend with a prefix of its own'

/** Where a root keeps its state: `gs://bucket/prefix`, as far as the repository says. */
type State = {root: Root; bucket: Value | undefined; prefix: Value | undefined; elsewhere: boolean}

const stateOf = (facts: TerraformFacts, root: Root): State => {
  const setting = (name: string): Value | undefined =>
    root.backends.map(({body}) => valueAt(body, name)).find((one) => one !== undefined) ??
    root.backendFiles.flatMap(({settings}) => settings[name] ?? [])[0]
  return {
    root,
    bucket: setting('bucket'),
    prefix: setting('prefix'),
    elsewhere: facts.given.backend.some(({name}) => name === null || name === 'prefix' || name === 'bucket'),
  }
}

const judge = (facts: TerraformFacts, state: State, all: readonly State[]): Target => {
  const {root, bucket, prefix, elsewhere} = state
  const [backend] = root.backends
  const place = backend ?? {file: root.files[0] ?? root.folder, line: 1}
  const wanted = `${expected} for ${titleOf(root)}`
  if (backend === undefined) {
    const [unread] = root.unread
    return unread === undefined ? missed(place, wanted, 'no backend: the state stays on the machine') : unreadable(unread, wanted)
  }
  if (backend.type !== 'gcs') return missed(place, wanted, `the backend is ${backend.type}`)
  const open = [bucket, prefix].find((one) => one?.is === 'dynamic')
  if (open !== undefined) return undecided(open, wanted, described(open))
  const same = all.find(
    (other) =>
      other !== state && (textOf(other.bucket) ?? '') === (textOf(bucket) ?? '') && (textOf(other.prefix) ?? '') === (textOf(prefix) ?? ''),
  )
  if (same === undefined) return held(place, wanted, prefix === undefined ? `bucket ${described(bucket)}` : `prefix ${described(prefix)}`)
  const given = elsewhere && (prefix === undefined || bucket === undefined)
  if (given) return held(place, wanted, 'the rest is given by -backend-config')
  if (same.root.folder === root.folder)
    return facts.given.workspaces.length > 0 || root.usesWorkspace
      ? held(place, wanted, 'each workspace has a state of its own')
      : undecided(place, wanted, 'whether each environment has a workspace of its own')
  if (prefix === undefined && bucket === undefined) return undecided(place, wanted, 'bucket and prefix are given when Terraform is set up')
  return missed(place, wanted, `${titleOf(same.root)} has the same: bucket ${described(bucket)}, prefix ${described(prefix)}`)
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const states = environmentRoots(terraform).map((root) => stateOf(terraform, root))
    const alone = terraform.folders.find(({kind, blocks}) => kind === 'loose' && blocks.some(({type}) => type === 'terraform'))
    const place = {file: alone?.files[0]?.file ?? terraform.folders[0]?.files[0]?.file ?? 'infra/backend.tf', line: 1}
    const targets =
      states.length === 0
        ? [nowhere(terraform, place, expected, 'no root loads a backend')]
        : states.map((state) => judge(terraform, state, states))
    return concludeTerraform(targets, {pass: 'STATE_REMOTE', fail: 'STATE_NOT_REMOTE', partly: 'STATE_PARTLY_REMOTE'})
  },
})
