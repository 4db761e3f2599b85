import type {ComposeFacts} from '../repo/docker/compose.ts'
import type {TerraformFacts} from '../repo/terraform/terraform.ts'
import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {textOf as wordText, valuesOf} from '../repo/workflows/words.ts'
import {applicationProjects} from './compose-services.ts'
import {deploymentsIn} from './deployments.ts'
import {textOf} from './terraform-values.ts'
import {environmentOf, runWorkloads} from './terraform-services.ts'

/** A variable that something gives to the application where it runs. `values`: all that it can be; undefined where only a run tells. */
export type DeployedVariable = {
  file: string
  line: number
  name: string
  values: readonly string[] | undefined
  shown: string
  by: 'compose' | 'workflow' | 'Terraform'
}

export type Deployed = {compose: ComposeFacts; workflows: WorkflowFacts; terraform: TerraformFacts}

/** What compose files, workflows and Terraform give the application under one of the names. */
export const deployedVariables = ({compose, workflows, terraform}: Deployed, names: readonly string[]): DeployedVariable[] => {
  const wanted = (name: string) => names.includes(name.toUpperCase())
  const found: DeployedVariable[] = []
  for (const {services} of applicationProjects(compose))
    for (const {environment} of services)
      for (const {name, value, file, line} of environment)
        if (wanted(name) && value !== undefined)
          found.push({file, line, name, values: value.value === undefined ? undefined : [value.value], shown: value.text, by: 'compose'})
  for (const {env, file, line} of deploymentsIn(workflows))
    for (const [name, word] of Object.entries(env))
      if (wanted(name)) found.push({file, line, name, values: valuesOf(word), shown: wordText(word), by: 'workflow'})
  for (const workload of runWorkloads(terraform))
    for (const container of workload.containers)
      for (const {name, value, file, line} of environmentOf(container)) {
        if (!wanted(name) || value === undefined) continue
        const text = textOf(value)
        found.push({
          file,
          line,
          name,
          values: text === undefined ? undefined : [text],
          shown: text ?? 'known only to Terraform',
          by: 'Terraform',
        })
      }
  const seen = new Set<string>()
  return found.filter(({file, line, name, shown}) => {
    const key = `${file}:${line}:${name}:${shown}`
    return seen.has(key) ? false : seen.add(key)
  })
}
