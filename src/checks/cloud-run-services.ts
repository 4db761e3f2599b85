import type {TerraformFacts} from '../repo/terraform/terraform.ts'
import {fieldOf, textOf as valueText} from '../repo/terraform/values.ts'
import type {Place} from '../repo/workflows/facts.ts'
import {literalOf, textOf, valuesOf, type Word} from '../repo/workflows/words.ts'
import {mayBeSame} from './cloud-run-jobs.ts'

/** A Cloud Run service that Terraform manages. */
export type ManagedService = Place & {name: Word}

export const managedServices = ({roots, unused}: TerraformFacts): ManagedService[] =>
  [...roots, ...unused].flatMap(({resources}) =>
    resources
      .filter(({type, mode}) => mode === 'managed' && (type === 'google_cloud_run_v2_service' || type === 'google_cloud_run_service'))
      .map(({file, line, body}) => {
        const value = fieldOf(body, 'name')
        const text = value === undefined ? undefined : valueText(value)
        const pieces = value?.is === 'dynamic' ? (value.like ?? [null]) : [null]
        return {
          file: value?.file ?? file,
          line: value?.line ?? line,
          name: text === undefined ? pieces.map((piece) => (piece === null ? {dynamic: '…'} : {literal: piece})) : [{literal: text}],
        }
      }),
  )

/** Whether Terraform has a service of that name: undefined where one of the two is only known when it runs. */
export const isManaged = (service: Word, services: readonly ManagedService[]): boolean | undefined => {
  const names = services.map(({name}) => name)
  const values = valuesOf(service)
  if (values !== undefined) {
    if (values.every((value) => names.some((name) => literalOf(name) === value))) return true
    return values.every((value) => names.some((name) => mayBeSame(name, [{literal: value}]))) ? undefined : false
  }
  return names.some((name) => mayBeSame(name, service)) ? undefined : false
}

export const namesOf = (services: readonly ManagedService[]): string =>
  [...new Set(services.map(({name}) => textOf(name)))].join(', ').slice(0, 120)
