import type {Change, GitHubWrite} from '../engine/change.ts'
import {free, quote} from './gcloud.ts'
import {githubName} from './resource-names.ts'

/** `typed`: the value as a person types it, where it holds what is filled in only when it is sent. */
type Setting = {repository: string; name: string; value: string; typed?: string}

const base = (repository: string, write: GitHubWrite) => ({
  request: {kind: 'github', repository, write} as const,
  cost: free,
  takes: '1-3 s',
})
const id = (name: string): string => name.toLowerCase().replaceAll('_', '-')

/** The line that a person types; the value is not sensitive. */
export const secretLine = ({repository, name, value, typed: text = value}: Setting): string =>
  `gh secret set ${name} --body=${quote(text)} --repo=${repository}`
export const variableLine = ({repository, name, value}: Setting): string =>
  `gh variable set ${name} --body=${quote(value)} --repo=${repository}`

/** A setting of federation, kept among the secrets because workflows look for it there. */
export const setSecret = (setting: Setting): Change => ({
  id: `set-github-secret-${id(setting.name)}`,
  title: `Set secret ${setting.name} of ${setting.repository} at GitHub`,
  resource: githubName(setting.repository, `settings/secrets/actions/${setting.name}`),
  ...base(setting.repository, {of: 'secret', name: setting.name, value: setting.value}),
  gcloud: [secretLine(setting)],
  undo: `gh secret delete ${setting.name} --repo=${setting.repository}`,
})

/** `before`: its value so far. */
export const setVariable = ({before, ...setting}: Setting & {before: string | undefined}): Change => ({
  id: `set-github-variable-${id(setting.name)}`,
  title: `Set variable ${setting.name} of ${setting.repository} at GitHub to ${setting.value}`,
  resource: githubName(setting.repository, `settings/variables/actions/${setting.name}`),
  ...base(setting.repository, {of: 'variable', name: setting.name, value: setting.value}),
  gcloud: [variableLine(setting)],
  undo:
    before === undefined ? `gh variable delete ${setting.name} --repo=${setting.repository}` : variableLine({...setting, value: before}),
  ...(before === undefined ? {} : {consent: {each: `workflows deploy to ${before} by it now`}}),
})

type Environment = {repository: string; environment: string; branch: string; exists: boolean}

/** Only that branch may deploy to it. */
export const restrictEnvironment = ({repository, environment, branch, exists}: Environment): Change => ({
  id: `restrict-github-environment-${environment}`,
  title: `${exists ? 'Let only' : `Create environment ${environment} of ${repository} at GitHub and let only`} branch ${branch} deploy to it${exists ? `: environment ${environment} of ${repository}` : ''}`,
  resource: githubName(repository, `settings/environments/${environment}`),
  ...base(repository, {of: 'environment', name: environment, branches: [branch]}),
  gcloud: [
    `gh api --method=PUT repos/${repository}/environments/${environment} -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'`,
    `gh api --method=POST repos/${repository}/environments/${environment}/deployment-branch-policies -f name=${quote(branch)}`,
  ],
  undo: exists
    ? `at https://github.com/${repository}/settings/environments let other branches deploy to ${environment} again`
    : `gh api --method=DELETE repos/${repository}/environments/${environment}`,
  ...(exists ? {consent: {each: `other branches can deploy to ${environment} now, and then no more`}} : {}),
})
