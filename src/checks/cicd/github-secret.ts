import {secretLine, setSecret, setVariable, variableLine} from '../../changes/github.ts'
import {emailOf, githubName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, manual, notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import {ageInDays} from '../age.ts'
import {defineItem} from '../define-item.ts'
import {federationFaults, readFederation} from '../federation.ts'
import {problem, worst} from '../worst.ts'

type Secret = {name: string; updatedAt: string}
/** `federated`: signing in without a key works; undefined where that could not be read. */
type Settings = {secrets: readonly Secret[]; variables: readonly {name: string; value: string}[]; federated: boolean | undefined}
/** `projectNumber`: undefined where the project could not be read. */
type Observed = {settings: Settings | undefined; projectNumber: string | undefined}

const keyLike = /(TF|GCP|GOOGLE).*(KEY|CREDENTIALS)|GCP_SA/i
const isOld = ({updatedAt}: Secret, now: Date, {maxKeyAgeDays}: Config): boolean => ageInDays(updatedAt, now) > maxKeyAgeDays

/** Names of secrets that workflows look for, with what belongs there; none of it is sensitive. */
const wanted = ({projectId, wifPool, wifProvider, terraformSa}: Config, projectNumber: string) => [
  {name: 'WIF_PROVIDER', value: `projects/${projectNumber}/locations/global/workloadIdentityPools/${wifPool}/providers/${wifProvider}`},
  {name: 'WIF_SERVICE_ACCOUNT', value: emailOf(projectId, terraformSa)},
]

export default defineItem<Observed>({
  excluded: ({config}) => (config.ci === 'cloud-build' ? notApplicable('GITHUB_NOT_USED', [], {ci: config.ci}) : undefined),

  async observe({cloud, github}, {config}) {
    const repository = config.githubRepo
    if (repository === null) return {settings: undefined, projectNumber: undefined}
    const projectNumber = (await cloud.resourceManager.project().catch(() => undefined))?.projectNumber
    if (github === undefined) return {settings: undefined, projectNumber}
    const [secrets, variables] = await Promise.all([github.secrets(repository), github.variables(repository)])
    // Whether the key can go is a remark: what GitHub holds is read whether or not the cloud can be.
    const federation = secrets.some(({name}) => keyLike.test(name))
      ? await readFederation({cloud, github}, config).catch(() => undefined)
      : undefined
    const federated = federation === undefined ? undefined : federationFaults(federation, config).length === 0
    return {settings: {secrets, variables, federated}, projectNumber}
  },

  evaluate({settings, projectNumber = 'PROJECT_NUMBER'}, {config, now}) {
    const repository = config.githubRepo
    if (repository === null) return manual('GITHUB_REPOSITORY_NOT_SET')
    const expected = wanted(config, projectNumber)
    if (settings === undefined) {
      const lines = [
        ...expected.map((setting) => secretLine({repository, ...setting})),
        variableLine({repository, name: 'GCP_PROJECT_ID', value: config.projectId}),
      ]
      return manual('GITHUB_NO_TOKEN', [], {repository, lines: lines.join('; ')})
    }
    const {secrets, variables, federated} = settings
    const place = githubName(repository, 'settings/secrets/actions')
    const keys = secrets.filter(({name}) => keyLike.test(name))
    const missing = expected.filter(({name}) => !secrets.some((secret) => secret.name === name)).map(({name}) => name)
    const project = variables.find(({name}) => name === 'GCP_PROJECT_ID')?.value
    const old = keys.filter((key) => isOld(key, now, config))
    const names = (those: readonly Secret[]): string => those.map(({name}) => name).join(', ')
    const keyMode = config.allowSaKey && missing.length > 0
    const rows = missing.map((name) => seen(place, name, 'set', undefined))
    const keyRows = (those: readonly Secret[]) => those.map(({name, updatedAt}) => seen(place, name, undefined, `set ${updatedAt}`))
    const days = config.maxKeyAgeDays
    return worst(
      [
        keyMode
          ? keys.length === 0
            ? fail('GITHUB_NO_CREDENTIAL', rows, {repository})
            : old.length > 0
              ? warn('GITHUB_KEY_OLD', keyRows(old), {repository, keys: names(old), days})
              : warn('GITHUB_KEY_ALLOWED', keyRows(keys), {repository, keys: names(keys)})
          : problem(fail, 'GITHUB_SETTINGS_MISSING', rows, {repository, names: missing.join(', ')}),
        project === config.projectId
          ? undefined
          : fail(
              'GITHUB_PROJECT_VARIABLE',
              [seen(githubName(repository, 'settings/variables/actions'), 'GCP_PROJECT_ID', config.projectId, project)],
              {
                repository,
                project: project ?? 'not set',
                projectId: config.projectId,
              },
            ),
        keyMode
          ? undefined
          : problem(warn, federated === true ? 'GITHUB_KEY_BESIDE_FEDERATION' : 'GITHUB_KEY_STORED', keyRows(keys), {
              repository,
              keys: names(keys),
            }),
      ],
      pass(
        'GITHUB_SETTINGS_READY',
        [
          seen(
            place,
            'names',
            expected.map(({name}) => name),
            expected.map(({name}) => name),
          ),
        ],
        {repository},
      ),
    )
  },

  plan({settings, projectNumber = 'PROJECT_NUMBER'}, {config}) {
    const repository = config.githubRepo
    if (repository === null || settings === undefined) return []
    const {secrets, variables} = settings
    const project = variables.find(({name}) => name === 'GCP_PROJECT_ID')?.value
    const keyMode = config.allowSaKey && secrets.some(({name}) => keyLike.test(name))
    return [
      ...(keyMode ? [] : wanted(config, '{projectNumber}'))
        .filter(({name}) => !secrets.some((secret) => secret.name === name))
        .map((setting) => setSecret({repository, ...setting, typed: setting.value.replace('{projectNumber}', projectNumber)})),
      ...(project === config.projectId
        ? []
        : [setVariable({repository, name: 'GCP_PROJECT_ID', value: config.projectId, before: project})]),
    ]
  },
})
