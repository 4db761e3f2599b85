import type {Finding} from '../engine/finding.ts'
import type {Call, Place, Resource, Root, TerraformFacts} from '../repo/terraform/terraform.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target, type TargetCodes} from './targets.ts'

/** Every root, and every module that no root calls. */
export const everywhere = ({roots, unused}: TerraformFacts): Root[] => [...roots, ...unused]

/** Resources that Terraform makes, of some types. */
export const made = (root: Root, ...types: readonly string[]): Resource[] =>
  root.resources.filter(({mode, type}) => mode === 'managed' && types.includes(type))

/** Calls of modules from outside the repository, by their source (`terraform-google-modules/network/google`). */
export const registryCalls = (root: Root, source: RegExp): Call[] =>
  root.calls.filter((call) => call.folder === null && call.count !== 0 && call.source !== null && source.test(call.source))

/** The verdict, with what several environments say alike said once. */
export const concludeTerraform = (targets: readonly Target[], codes: TargetCodes): Finding => concludeTargets(distinct(targets), codes)

export const distinct = (targets: readonly Target[]): Target[] => [...new Map(targets.map((one) => [JSON.stringify(one), one])).values()]

/** Where something that is nowhere would be looked for: a folder that is named for it, or any file of Terraform's. */
export const placeFor = ({folders, roots}: TerraformFacts, wanted: RegExp, path: string): Place => {
  const named = folders.find(({folder}) => wanted.test(folder.split('/').at(-1) ?? ''))
  const file = (named?.files ?? roots.flatMap((root) => root.files.map((one) => ({file: one}))))[0] ?? folders[0]?.files[0]
  return {file: file?.file ?? path, line: 1}
}

/** Something that is nowhere: missed, or undecided where a file that may hold it could not be read or is not worked out. */
export const nowhere = (facts: TerraformFacts, place: Place, expected: string, actual = 'absent'): Target => {
  const [unread] = facts.unread
  if (unread !== undefined) return unreadable(unread, expected)
  const [terragrunt] = facts.terragrunt
  if (terragrunt !== undefined && facts.roots.length === 0)
    return undecided({file: terragrunt, line: 1}, expected, 'it is put together by Terragrunt, which is not worked out')
  return missed(place, expected, actual)
}

/** Whether a resource is there: each one found is judged by `judge`; one that may or may not be made is undecided. */
export const presence = (
  facts: TerraformFacts,
  {
    types,
    where = () => true,
    modules,
    expected,
    place,
    judge,
  }: {
    types: readonly string[]
    /** Which of these are meant. */
    where?: (resource: Resource) => boolean
    /** Modules of the registry that make it. */
    modules?: RegExp
    expected: string
    place: Place
    judge?: (resource: Resource) => Target
  },
): Target[] => {
  const found = everywhere(facts)
    .flatMap((root) => made(root, ...types))
    .filter(where)
  const calls = modules === undefined ? [] : everywhere(facts).flatMap((root) => registryCalls(root, modules))
  const targets = [
    ...found.map((one) =>
      one.maybe
        ? undecided(one, expected, `${one.type}.${one.name} may or may not be made`)
        : (judge?.(one) ?? held(one, expected, `${one.type}.${one.name}`)),
    ),
    ...calls.map((call) => held(call, expected, `the module ${call.source ?? ''}`)),
  ]
  // One that is surely made is enough beside one that may be.
  const sure = targets.filter(({verdict}) => verdict !== 'undecided')
  if (sure.length > 0) return sure
  if (targets.length > 0) return targets
  const declared = facts.folders
    .flatMap(({blocks}) => blocks)
    .find(({type, labels}) => type === 'resource' && types.includes(labels[0] ?? ''))
  return [nowhere(facts, declared ?? place, expected, declared === undefined ? 'absent' : 'it is declared but never made')]
}

/** The roots to which a rule for environments applies: those that describe one, or all where none says which. */
export const environmentRoots = ({roots}: TerraformFacts): Root[] => {
  const named = roots.filter(({environment}) => environment !== null)
  return named.length === 0 ? roots : named
}

/** What a root is called in evidence. */
export const titleOf = ({environment, folder}: Root): string => environment ?? (folder === '' ? 'the root folder' : folder)
