import type {Binding, Change, PolicyTarget} from '../engine/change.ts'
import {free, gcloud} from './gcloud.ts'
import {bucketName, projectName, repositoryName, secretName, serviceAccountName} from './resource-names.ts'

type Grant = {project: string; policy: PolicyTarget; member: string; roles: readonly string[]}

/** `location/repository`. */
const placed = (name: string) => ({location: name.slice(0, name.indexOf('/')), repository: name.slice(name.indexOf('/') + 1)})

const resourceOf = (project: string, {of, name}: PolicyTarget): string =>
  of === 'project'
    ? projectName(name)
    : of === 'secret'
      ? secretName(project, name)
      : of === 'service-account'
        ? serviceAccountName(project, name)
        : of === 'repository'
          ? repositoryName({project, ...placed(name)})
          : bucketName(name)

const line = (verb: 'add' | 'remove', project: string, {of, name}: PolicyTarget, {role, member}: Binding): string =>
  of === 'project'
    ? gcloud`projects ${verb}-iam-policy-binding ${name} --member=${member} --role=${role} --condition=None`
    : of === 'secret'
      ? gcloud`secrets ${verb}-iam-policy-binding ${name} --project=${project} --member=${member} --role=${role}`
      : of === 'service-account'
        ? gcloud`iam service-accounts ${verb}-iam-policy-binding ${name} --member=${member} --role=${role} --condition=None --project=${project}`
        : of === 'repository'
          ? gcloud`artifacts repositories ${verb}-iam-policy-binding ${placed(name).repository} --location=${placed(name).location} --member=${member} --role=${role} --project=${project}`
          : gcloud`storage buckets ${verb}-iam-policy-binding gs://${name} --member=${member} --role=${role}`

/** As a part of an id: `serviceAccount:app@p.iam…` → `app`, a principal of a pool with its brackets and slashes made dashes. */
const short = (member: string): string =>
  member
    .slice(member.indexOf(':') + 1)
    .replace(/@.*/, '')
    .replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/^-|-$/g, '')

/** One change for all roles of one member on one policy. */
export const grantRoles = ({project, policy, member, roles}: Grant): Change => {
  const add = roles.map((role) => ({role, member}))
  return {
    id: `grant-${short(member)}-${roles.length === 1 ? roles.join('').replace('roles/', '') : 'roles'}-on-${policy.of}-${policy.name.replace(/@.*/, '')}`,
    title: `Grant ${roles.join(', ')} on ${policy.of.replace('-', ' ')} ${policy.name} to ${member}`,
    resource: resourceOf(project, policy),
    request: {kind: 'grant', policy, add, remove: []},
    cost: free,
    gcloud: add.map((binding) => line('add', project, policy, binding)),
    undo: add.map((binding) => line('remove', project, policy, binding)).join(' && '),
    takes: '1-2 s, and up to 7 min until it works everywhere',
  }
}

/**
 * Takes bindings of one member off one policy. Asked for by itself, because qlogic did not put them there; `why` undefined: nothing can
 * depend on them yet.
 */
export const revokeRoles = ({project, policy, member, roles, why}: Grant & {why: string | undefined}): Change => {
  const remove = roles.map((role) => ({role, member}))
  return {
    id: `revoke-${member.replace(/@.*/, '').replaceAll(/[^\w-]+/g, '-')}-on-${policy.of}-${policy.name.replace(/@.*/, '')}`,
    title: `Take ${roles.join(', ')} on ${policy.of.replace('-', ' ')} ${policy.name} from ${member}`,
    resource: resourceOf(project, policy),
    request: {kind: 'grant', policy, add: [], remove},
    cost: free,
    gcloud: remove.map((binding) => line('remove', project, policy, binding)),
    undo: remove.map((binding) => line('add', project, policy, binding)).join(' && '),
    takes: '1-2 s, and up to 7 min until it works everywhere',
    ...(why === undefined ? {} : {consent: {each: why}}),
  }
}
