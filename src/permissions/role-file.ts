import {stringify} from 'yaml'
import type {Level, NeededPermission, Purpose} from './needed.ts'

/** A custom role as `gcloud iam roles create --file` takes it. */
export type RoleFile = {title: string; description: string; stage: 'GA'; includedPermissions: string[]}

export type RoleInput = {purpose: Purpose; steps: readonly string[]; project: string | undefined; needed: readonly NeededPermission[]}

const idOf = (purpose: Purpose): string => (purpose === 'verify' ? 'qlogicVerify' : 'qlogicSetup')

const of = (needed: readonly NeededPermission[], level: Level): string[] =>
  needed.filter((one) => one.level === level).map(({permission}) => permission)

/** The custom role of the project: what is granted there. */
export const roleOf = ({purpose, steps, needed}: RoleInput): RoleFile => ({
  title: purpose === 'verify' ? 'qlogic verify' : 'qlogic setup',
  description: `What qlogic ${purpose} needs${steps.length === 0 ? '' : ` for ${steps.join(', ')}`}`,
  stage: 'GA',
  includedPermissions: of(needed, 'project'),
})

/** What no role of the project can hold: where it is granted instead, and the predefined roles that have it. */
export type Elsewhere = {level: Exclude<Level, 'project'>; where: string; permissions: string[]; roles: string[]}

const places: readonly {level: Elsewhere['level']; where: string; roles: (permissions: readonly string[]) => string[]}[] = [
  {
    level: 'organization',
    where: 'the organization or folder of the project',
    roles: (permissions) => [
      ...(permissions.includes('resourcemanager.projects.create') ? ['roles/resourcemanager.projectCreator'] : []),
      ...(permissions.some((name) => name.startsWith('orgpolicy.')) ? ['roles/orgpolicy.policyAdmin'] : []),
    ],
  },
  {
    level: 'billing-account',
    where: 'the billing account',
    roles: (permissions) =>
      [
        permissions.includes('billing.resourceAssociations.create') ? 'roles/billing.user' : '',
        permissions.some((name) => /^billing\.budgets\.(create|update)/.test(name))
          ? 'roles/billing.costsManager'
          : permissions.some((name) => name.startsWith('billing.'))
            ? 'roles/billing.viewer'
            : '',
      ].filter((role) => role !== ''),
  },
  {
    level: 'bucket',
    where: 'the bucket of the Terraform state',
    roles: (permissions) =>
      permissions.some((name) => /(update|IamPolicy)$/.test(name))
        ? ['roles/storage.legacyBucketOwner']
        : ['roles/storage.legacyBucketReader'],
  },
]

/** What the role of the project does not hold, by the place where it is granted. */
export const elsewhere = (needed: readonly NeededPermission[]): Elsewhere[] =>
  places.flatMap(({level, where, roles}) => {
    const permissions = of(needed, level)
    return permissions.length === 0 ? [] : [{level, where, permissions, roles: roles(permissions)}]
  })

const remarks = ({needed}: RoleInput): string[] =>
  elsewhere(needed).flatMap(({where, permissions, roles}) => [
    `On ${where}, for example by ${roles.join(', ')}:`,
    ...permissions.map((name) => `  ${name}`),
  ])

/** Text for `gcloud iam roles create ID --project=P --file=FILE`; remarks are comments. */
export const gcloudRole = (input: RoleInput, more: readonly string[] = []): string => {
  const create = `gcloud iam roles create ${idOf(input.purpose)} --project=${input.project ?? 'PROJECT_ID'} --file=FILE`
  const notes = [create, ...remarks(input), ...more].map((line) => `# ${line}`.trimEnd())
  return `${notes.join('\n')}\n${stringify(roleOf(input), {lineWidth: 0})}`.trimEnd()
}

const quoted = (text: string): string => JSON.stringify(text).replaceAll('${', '$${')

/** The same as Terraform. */
export const terraformRole = (input: RoleInput, more: readonly string[] = []): string => {
  const {title, description, stage, includedPermissions} = roleOf(input)
  const id = idOf(input.purpose)
  return [
    ...[...remarks(input), ...more].map((line) => `# ${line}`.trimEnd()),
    `resource "google_project_iam_custom_role" "${id === 'qlogicVerify' ? 'qlogic_verify' : 'qlogic_setup'}" {`,
    ...[
      ['project', input.project ?? 'PROJECT_ID'],
      ['role_id', id],
      ['title', title],
      ['description', description],
      ['stage', stage],
    ].map(([name, value]) => `  ${(name ?? '').padEnd(11)} = ${quoted(value ?? '')}`),
    '  permissions = [',
    ...includedPermissions.map((permission) => `    ${quoted(permission)},`),
    '  ]',
    '}',
  ].join('\n')
}
