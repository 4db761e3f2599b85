import {readSettingsRules, type SettingsRules} from '../repo/application/settings-rules.ts'
import type {Condition, SettingRead} from '../repo/application/conditions.ts'
import {readSettings, type Settings} from '../repo/application/settings.ts'
import {readImageBuilds, type ImageBuild} from '../repo/docker/builds.ts'
import {readDockerfiles, type DockerfileFacts} from '../repo/docker/dockerfiles.ts'
import {readCompose} from '../repo/docker/compose.ts'
import type {Reading} from '../repo/files.ts'
import {readTerraform} from '../repo/terraform/terraform.ts'
import {valuesOf} from '../repo/workflows/words.ts'
import {readWorkflows} from '../repo/workflows/workflows.ts'
import {settingsOf, someText, type Surroundings} from './conditions.ts'
import {deployedImages, startOf} from './deployed-images.ts'
import {deployedVariables, type Deployed, type DeployedVariable} from './deployed-variables.ts'
import {deploymentsIn} from './deployments.ts'
import {environmentField, knownEnvironments} from './environment-names.ts'
import {apiServices, environmentOf, runWorkloads} from './terraform-services.ts'
import {textOf} from './terraform-values.ts'

type ImageBuilds = {builds: readonly ImageBuild[]}

/** What says where the application runs: its settings, what the code knows of environments, and what is deployed. */
export type Running = Deployed & {settings: Settings; rules: SettingsRules; docker: DockerfileFacts; builds: ImageBuilds}

export const observeRunning = async (read: Reading['read']): Promise<Running> => ({
  settings: await read(readSettings),
  rules: await read(readSettingsRules),
  compose: await read(readCompose),
  workflows: await read(readWorkflows),
  terraform: await read(readTerraform),
  docker: await read(readDockerfiles),
  builds: await read(readImageBuilds),
})

/** The environments in which anything may be shown: nobody but developers sees it there. */
export const isDevelopment = (name: string): boolean => /^(?:development|dev|local|test)$/i.test(name)

const saysEnvironment = ({variables}: SettingRead): boolean => variables.some((name) => /(?:^|_)ENV(?:IRONMENT)?$/.test(name))

/** One environment that the application can run in: its name, where it is deployed if that is known, and what is known of it. */
export type RunningEnvironment = {name: string; deployed: DeployedVariable | undefined; around: Surroundings}

/**
 * The environments in which the conditions have to be tried: those that the setting's type names, that the code compares with and that are
 * deployed; where any text will do, staging and production too. Without development ones unless asked for.
 */
export const runningEnvironments = (running: Running, conditions: readonly Condition[]): RunningEnvironment[] => {
  const asked = conditions.flatMap(settingsOf)
  const field = environmentField(running.settings)
  const names = new Set([...(field?.variables ?? []), ...asked.filter(saysEnvironment).flatMap(({variables}) => variables)])
  const choices = field?.choices ?? asked.find((one) => saysEnvironment(one) && one.choices.length > 0)?.choices ?? []
  const deployed = deployedVariables(running, [...names])
  const others = new Map([...givenToServices(running)].filter(([name]) => !names.has(name)))
  const spelled = field === undefined ? [] : [...knownEnvironments(field, running.rules)]
  const maps = running.rules.validators.flatMap((one) => one.maps)
  const meant = (name: string): string => maps.find(({from}) => from.toLowerCase() === name.toLowerCase())?.to ?? name
  const tried = new Map<string, DeployedVariable | undefined>()
  for (const name of choices.length > 0 ? choices : [...spelled, 'staging', 'production']) tried.set(name, undefined)
  for (const one of deployed) for (const value of one.values ?? []) tried.set(value, one)
  return [...tried].map(([name, at]) => ({
    name,
    deployed: at,
    around: {
      program: (file) => isProgram(running, file),
      variables: new Map<string, string | undefined>([...others, ...[...names].map((one) => [one, meant(name)] as const)]),
    },
  }))
}

/** The variables that services of the API are given by Terraform and by deploying workflows; undefined where they differ or are not known. */
const givenToServices = (running: Running): Map<string, string | undefined> => {
  const found = new Map<string, Set<string | undefined>>()
  const add = (name: string, value: string | undefined) => found.set(name, (found.get(name) ?? new Set()).add(value))
  for (const {containers} of apiServices(runWorkloads(running.terraform)))
    for (const container of containers)
      for (const {name, value, secret} of environmentOf(container))
        add(name.toUpperCase(), secret === undefined ? (textOf(value) ?? someText) : someText)
  for (const {env} of deploymentsIn(running.workflows))
    for (const [name, word] of Object.entries(env)) for (const value of valuesOf(word) ?? [someText]) add(name.toUpperCase(), value)
  return new Map(
    [...found].map(([name, values]) => {
      const isSet = [...values].every((value) => value !== undefined && !/^(?:|false|0|no|off|none)$/i.test(value))
      return [name, values.size === 1 ? [...values][0] : isSet ? someText : undefined]
    }),
  )
}

/** Whether something in the repository says what the API's services are given. */
export const isDeploymentKnown = ({terraform, workflows}: Running): boolean =>
  apiServices(runWorkloads(terraform)).length > 0 || deploymentsIn(workflows).length > 0

/** Whether a file of Python is what containers start, and not only imported; undefined where no image says what it starts. */
const isProgram = (running: Running, file: string): boolean | undefined => {
  const starts = deployedImages(running).flatMap(({dockerfile, stage, kind}) =>
    kind === 'python' ? [startOf(dockerfile, stage)?.words ?? []] : [],
  )
  const known = starts.flatMap((words): boolean[] => {
    if (words.some((word) => /(?:^|\/)python[\d.]*$/.test(word))) {
      const module = words[words.indexOf('-m') + 1] ?? ''
      const named = [
        ...words.filter((word) => word.endsWith('.py')),
        `${module.replaceAll('.', '/')}.py`,
        `${module.replaceAll('.', '/')}/__main__.py`,
      ]
      if (named.some((one) => one === file || `/${file}`.endsWith(`/${one.replace(/^.*\.\//, '')}`))) return [true]
    }
    return words.some((word) => /(?:^|\/)(?:uvicorn|gunicorn|hypercorn|granian|fastapi)$/.test(word)) ? [false] : []
  })
  return known.includes(true) ? true : known.length > 0 ? false : undefined
}
